for (let i = 0; i < 20000; i++) console.log("line", i, "żółw");
process.stdout.write("x".repeat(100000)); console.error("to error ".repeat(1000));
