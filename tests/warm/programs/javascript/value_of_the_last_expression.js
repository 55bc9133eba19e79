const x = 20;
[x, {a: [x, null, new Map([[1, 2]])]}];
