import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.List;

/** Speaks MongoDB's protocol on 127.0.0.1: port, and a file to keep the data in (without: in memory). Ends when its input ends. */
class Launcher {
  /** What the driver asks for at least; the server's own versions are older. */
  static class Seven implements MongoVersion {
    public List<Integer> getVersionArray() { return List.of(7, 0, 0); }
    public int getWireVersion() { return 21; }
  }

  /** Answers only once the change is in the file, as a journal would: a SIGKILL loses nothing that was acknowledged. */
  static class Durable extends H2Backend {
    Durable(String file) { super(file); }
    @Override public Document handleMessage(MongoMessage message) {
      Document answer = super.handleMessage(message);
      if (getMvStore().hasUnsavedChanges()) commit();
      return answer;
    }
  }

  public static void main(String[] args) throws Exception {
    MongoBackend backend = args.length > 1 ? new Durable(args[1]) : new MemoryBackend();
    MongoServer server = new MongoServer(backend.version(new Seven()));
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    server.bind("127.0.0.1", Integer.parseInt(args[0]));
    System.out.println("ready");
    while (System.in.read() >= 0) continue;
    System.exit(0);
  }
}
