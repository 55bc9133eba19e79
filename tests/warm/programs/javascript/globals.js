console.log(Object.getOwnPropertyNames(globalThis).sort());
console.log(Object.keys(globalThis), Object.getOwnPropertyNames(module), Object.keys(require), module.id, module.loaded);
console.log(Function.prototype.toString.call(setTimeout).length > 0, Error.stackTraceLimit, Error.prepareStackTrace, Reflect.ownKeys(process).length > 100);
