/* What differs between two short texts, for a learner's eye: by words, so that a change reads as one. */
import { element } from "./dom.js";

/* The table below is as large as both texts together are long. */
const mostPieces = 1500;

function pieces(text) {
  return text.match(/\w+|\s+|[^\w\s]/gu) ?? [];
}

/* The longest common subsequence, as flags: which pieces of each side the other has too. */
function common(left, right) {
  const width = right.length + 1;
  const lengths = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        left[i] === right[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
  const inLeft = new Set();
  const inRight = new Set();
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (left[i] === right[j]) {
      inLeft.add(i++);
      inRight.add(j++);
    } else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i++;
    else j++;
  }
  return [inLeft, inRight];
}

function marked(list, same, tag) {
  const nodes = [];
  for (let i = 0; i < list.length; ) {
    let text = "";
    const shared = same.has(i);
    while (i < list.length && same.has(i) === shared) text += list[i++];
    nodes.push(shared ? text : element(tag, {}, text));
  }
  return nodes;
}

/* [nodes for expected, nodes for actual]: <ins> is what is missing, <del> what is too much. */
export function diff(expected, actual) {
  const left = pieces(expected);
  const right = pieces(actual);
  if (left.length + right.length > mostPieces) return [[expected], [actual]];
  const [inLeft, inRight] = common(left, right);
  return [marked(left, inLeft, "ins"), marked(right, inRight, "del")];
}
