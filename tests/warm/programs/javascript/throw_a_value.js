// test: {"status": "error"}
throw {code: 5, reason: ["no", "error"]};
