// A small program: what it touches, each copy of the template touches before its run (docs/languages.md).
const words = 'one two three'.split(' ');

function show(word, index) {
  return `${index + 1} ${word.toUpperCase()}`;
}

for (const line of words.map(show)) console.log(line);
console.log(1 + 1, { words });
words.length * 2;
