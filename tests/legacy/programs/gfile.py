import tempfile
import tensorflow as tf

top = tempfile.mkdtemp()
d = top + "/g"
def t(f):
    try: print(repr(f()).replace(top, "TOP"))
    except Exception as e: print(type(e).__name__, str(e).replace(top, "TOP"))
g=tf.gfile
t(lambda: g.MakeDirs(d+"/a/b")); t(lambda: g.MkDir(d+"/a")); t(lambda: g.MkDir(d+"/x/y")); t(lambda: g.MakeDirs(d+"/a"))
def w():
    with g.GFile(d+"/a/f.txt","w") as f: f.write("one\ntwo\n"); f.write("three")
    return f.size()
t(w)
def r():
    with g.GFile(d+"/a/f.txt") as f: return f.read(3), f.readline(), f.tell(), f.readlines(), f.size(), f.name, f.mode
t(r)
def r2():
    with g.FastGFile(d+"/a/f.txt","rb") as f: return f.read(), list(iter(f))
t(r2)
def r3():
    f=g.Open(d+"/a/f.txt"); x=[l for l in f]; f.seek(4); y=f.read(); f.seek(offset=-2, whence=2); z=f.read(); f.seek(position=1); return x,y,z,f.read(2)
t(r3)
t(lambda: g.Exists(d+"/a/f.txt")); t(lambda: g.Exists(d+"/no")); t(lambda: g.IsDirectory(d)); t(lambda: g.IsDirectory(d+"/a/f.txt")); t(lambda: g.IsDirectory(d+"/no"))
t(lambda: g.ListDirectory(d)); t(lambda: sorted(g.ListDirectory(d+"/a"))); t(lambda: g.ListDirectory(d+"/no"))
t(lambda: g.Glob(d+"/a/*")); t(lambda: g.Glob([d+"/a/*",d+"/*"])); t(lambda: g.Glob(d+"/no*"))
t(lambda: g.Copy(d+"/a/f.txt",d+"/c.txt")); t(lambda: g.Copy(d+"/a/f.txt",d+"/c.txt")); t(lambda: g.Copy(d+"/a/f.txt",d+"/c.txt",overwrite=True)); t(lambda: g.Copy(d+"/no",d+"/c2"))
t(lambda: g.Rename(d+"/c.txt",d+"/e.txt")); t(lambda: g.Rename(d+"/no",d+"/e2")); t(lambda: g.Rename(d+"/e.txt",d+"/a/f.txt"))
t(lambda: g.Remove(d+"/no")); t(lambda: g.Remove(d+"/e.txt")); t(lambda: g.Remove(d+"/a"))
t(lambda: g.Stat(d+"/a/f.txt").length); t(lambda: g.Stat(d+"/no")); t(lambda: (g.Stat(d).is_directory, g.Stat(d+"/a/f.txt").mtime_nsec>0))
t(lambda: list(g.Walk(d))); t(lambda: list(g.Walk(d,in_order=False))); t(lambda: list(g.Walk(d+"/no")))
t(lambda: g.DeleteRecursively(d+"/a")); t(lambda: g.DeleteRecursively(d+"/a"))
t(lambda: g.GFile(d+"/no").read()); t(lambda: g.GFile(d+"/q","r+").read()); t(lambda: g.GFile(d+"/q","w").read()); t(lambda: g.GFile(d+"/q","r").write("x")); t(lambda: g.GFile(d+"/q","x"))
def ap():
    with g.GFile(d+"/q","a") as f: f.write("A"); f.flush()
    with g.GFile(d+"/q","a") as f: f.write("B")
    return g.GFile(d+"/q").read()
t(ap)
t(lambda: g.GFile(d+"/q","wb").write(b"ab")); 
