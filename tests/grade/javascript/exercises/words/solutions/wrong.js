exports.count = (text) => String(text).split(' ').length;
exports.capitals = (words) => words.map((word) => word.toUpperCase()).concat('');
