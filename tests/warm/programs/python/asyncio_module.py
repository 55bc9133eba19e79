import asyncio
async def work(n):
    await asyncio.sleep(n / 200); return n
async def main():
    print(await asyncio.gather(*(work(n) for n in (3, 1, 2))))
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except asyncio.TimeoutError:
        print("timeout")
    q = asyncio.Queue()
    async def produce():
        for n in range(3): await q.put(n)
        await q.put(None)
    async def consume():
        got = []
        while (n := await q.get()) is not None: got.append(n)
        return got
    async with asyncio.TaskGroup() as g:
        g.create_task(produce()); t = g.create_task(consume())
    print(t.result())
    p = await asyncio.create_subprocess_exec("/bin/sh", "-c", "echo child", stdout=asyncio.subprocess.PIPE)
    print((await p.communicate())[0], p.returncode)
    print(await asyncio.to_thread(sum, [1, 2]), await asyncio.get_running_loop().run_in_executor(None, len, "abc"))
    done, _ = await asyncio.wait([asyncio.create_task(work(1)), asyncio.create_task(work(5000))], return_when="FIRST_COMPLETED")
    print(len(done))
asyncio.run(main())
