import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.backend.memory.MemoryCollection;
import de.bwaldvogel.mongo.backend.memory.MemoryDatabase;
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

  /** Finds by _id through its index, whatever else is asked for, as MongoDB does; the server's own collection reads all documents then. */
  static class ById extends MemoryCollection {
    ById(MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors) { super(database, name, options, cursors); }
    @Override protected QueryResult matchDocuments(Document query, Document order, int skip, int limit, int batch, Document fields) {
      if (query.containsKey("_id") && query.size() > 1) {
        Document byId = new Document("_id", query.get("_id"));
        for (Index<Integer> index : getIndexes())
          if (index.canHandle(byId)) return matchDocuments(query, index.getPositions(byId), order, skip, limit, batch, fields);
      }
      return super.matchDocuments(query, order, skip, limit, batch, fields);
    }
  }

  static class Memory extends MemoryBackend {
    @Override public MemoryDatabase openOrCreateDatabase(String name) {
      return new MemoryDatabase(name, getCursorRegistry()) {
        @Override protected MemoryCollection openOrCreateCollection(String collection, CollectionOptions options) {
          return new ById(this, collection, options, cursorRegistry);
        }
      };
    }
  }

  public static void main(String[] args) throws Exception {
    MongoBackend backend = args.length > 1 ? new Durable(args[1]) : new Memory();
    MongoServer server = new MongoServer(backend.version(new Seven()));
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    server.bind("127.0.0.1", Integer.parseInt(args[0]));
    System.out.println("ready");
    while (System.in.read() >= 0) continue;
    System.exit(0);
  }
}
