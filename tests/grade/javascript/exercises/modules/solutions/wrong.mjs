export default ({ side }) => side + side + 1;
export const name = () => 'circle';
