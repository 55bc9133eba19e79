import { setTimeout } from 'node:timers/promises';

await setTimeout(1);
export default ({ side }) => side * side;
export const name = () => 'square';
