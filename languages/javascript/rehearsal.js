// What each run touches, and no more (docs/languages.md): each waiting copy of the template has its own of it.
console.log(1 + 1);
