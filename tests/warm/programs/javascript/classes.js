class Animal {
  #secret = 1;
  static count = 0;
  static { Animal.count = 10; }
  constructor(name) { this.name = name; Animal.count++; }
  speak() { return `${this.name} makes a sound`; }
  get secret() { return this.#secret; }
  static make(...names) { return names.map((n) => new this(n)); }
  *[Symbol.iterator]() { yield* this.name; }
  toString() { return `<${this.name}>`; }
}
class Dog extends Animal {
  speak() { return super.speak() + ", woof"; }
}
const d = new Dog("Rex");
console.log(d, d.speak(), d.secret, Animal.count, [...d], `${d}`, d instanceof Animal, Dog.make("A", "B"), Dog, Object.getPrototypeOf(Dog) === Animal);
console.log(new Proxy({}, {get: (t, k) => `got ${String(k)}`}).anything, Reflect.ownKeys({a: 1, [Symbol.iterator]: 2}), typeof Symbol(), new (class extends Array {})(3));
