import sqlite3
db = sqlite3.connect(":memory:"); db.execute("create table t (id integer primary key, name text)")
db.executemany("insert into t (name) values (?)", [("Ada",), ("Joe",), ("ż",)])
print(db.execute("select count(*), max(name) from t").fetchone(), db.execute("select * from t order by name desc").fetchall())
try:
    db.execute("select * from none")
except sqlite3.OperationalError as e:
    print(e)
