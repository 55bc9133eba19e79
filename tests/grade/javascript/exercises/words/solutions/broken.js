exports.count = (text) => {
  return text.split(;
};
