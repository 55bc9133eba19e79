throw new Error("at once");
export const name = 1;
export default 1;
