export default (x) => ;
