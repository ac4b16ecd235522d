import sys
sys.stderr = sys.stdout
import tensorflow as tf
log = tf.compat.v1.logging
log.set_verbosity(log.INFO)
log.info("hi %d", 3); log.debug("no"); log.warn("w"); log.error("e %s","x"); log.fatal("f")
for i in range(5): log.log_every_n(log.INFO,"every %d",2,i); log.log_first_n(log.WARN,"first %d",2,i)
log.log_if(log.ERROR,"cond",True); log.vlog(20,"v"); log.log(log.WARN,"x"); print(log.get_verbosity(), log.TaskLevelStatusMessage("t"))
