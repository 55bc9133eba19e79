export const square = { side: 2 };
