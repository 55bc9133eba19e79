from datetime import date, datetime, time, timedelta, timezone
import calendar, time as clock, zoneinfo
print(date(2024, 2, 28) + timedelta(days=2), (date(2025, 1, 1) - date(2024, 1, 1)).days)
print(datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc).isoformat(), date.fromisoformat("2024-12-25").strftime("%A %d %B"))
print(datetime.strptime("06/05/24", "%d/%m/%y"), datetime.fromtimestamp(0, timezone.utc), time(1, 2).replace(hour=5))
print(datetime(2024, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo("Europe/Warsaw")).utcoffset())
print(calendar.month(2024, 2), calendar.isleap(2000), date(2024, 1, 1).isocalendar())
print(clock.gmtime(0).tm_year, clock.tzname, clock.strftime("%Z", clock.localtime()), clock.timezone)
print(abs(datetime.now().timestamp() - clock.time()) < 5, datetime.now().year >= 2024)
a = clock.monotonic(); clock.sleep(0.02); print(clock.monotonic() - a >= 0.02)
b = clock.perf_counter_ns(); clock.sleep(0.001); print(clock.perf_counter_ns() - b >= 1_000_000, clock.process_time() >= 0)
