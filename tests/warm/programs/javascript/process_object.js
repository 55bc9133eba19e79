console.log(process.version.split(".")[0], process.platform, process.arch, process.title, process.execPath, process.release.name, process.pid > 1, process.ppid >= 0);
console.log(process.cwd(), process.umask().toString(8), process.exitCode, process.uptime() >= 0, process.memoryUsage().rss > 1e6, process.cpuUsage().user >= 0, process.getuid?.() > 0);
console.log(process.stdout.isTTY, process.stdout.fd, process.stdin.fd, process.config.variables !== undefined, process.features.inspector, process.listeners("exit").length, process.eventNames());
console.log(require("os").hostname(), require("os").EOL, require("os").platform(), require("os").cpus().length >= 0, require("os").userInfo === undefined);
console.log(Object.keys(require.cache), module.children, module.paths, require.resolve.paths("x"));
