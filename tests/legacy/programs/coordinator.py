import tensorflow as tf, threading, time
tf.logging.set_verbosity(tf.logging.ERROR)
c=tf.train.Coordinator()
n=[0]
def work():
    while not c.should_stop():
        n[0]+=1
        if n[0]>5: c.request_stop()
t=[threading.Thread(target=work) for _ in range(3)]
for x in t: x.start()
c.join(t); print(c.should_stop(), c.joined)
c=tf.train.Coordinator()
def bad():
    with c.stop_on_exception(): raise ValueError("x")
t=threading.Thread(target=bad); t.start()
try: c.join([t])
except ValueError as e: print("V",e)
c=tf.train.Coordinator()
def end():
    with c.stop_on_exception(): raise tf.errors.OutOfRangeError(None,None,"end")
t=threading.Thread(target=end); t.start(); c.join([t]); print("clean", c.should_stop())
c.clear_stop(); print(c.should_stop(), c.wait_for_stop(0.01))
l=tf.train.LooperThread.loop(c,0.01,lambda: n.append(1)); time.sleep(0.1); c.request_stop(); c.join([l]); print(len(n)>4)
t=threading.Thread(target=time.sleep,args=(1,),name="slow"); t.start(); c.clear_stop(); c.request_stop()
try: c.join([t],stop_grace_period_secs=0.05)
except RuntimeError as e: print(e)
try: tf.train.start_queue_runners()
except ValueError as e: print(e)
with tf.Session() as s: print(tf.train.start_queue_runners(coord=c))
try: tf.train.QueueRunner(None,[])
except ValueError as e: print(e)
