exports.count = (text) => {
  if (typeof text !== 'string') throw new TypeError('a text is needed');
  return text.split(/ +/).length;
};
exports.capitals = (words) => words.map((word) => word[0].toUpperCase() + word.slice(1));
