import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs SQL for ./jvm.ts: one line of tab-separated fields in, lines out until a dot. Text travels in Base64.
 *
 * id OPEN url | id CLOSE | id COMMIT | id ROLLBACK | id RUN sql value…   values: n, sTEXT, dDECIMAL, tTIMESTAMP, bBYTES, z0, z1
 * E code state message | U count | C name:type:precision:scale… | R value…
 */
public final class Runner {
  private static final Map<String, Connection> connections = new HashMap<>();
  private static PrintStream out;

  public static void main(String[] arguments) throws Exception {
    out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        handle(line.split("\t", -1));
      } catch (SQLException error) {
        out.println("E\t" + error.getErrorCode() + "\t" + error.getSQLState() + "\t" + encode(String.valueOf(error.getMessage())));
      } catch (RuntimeException error) {
        out.println("E\t0\tHY000\t" + encode(String.valueOf(error)));
      }
      out.println(".");
      out.flush();
    }
  }

  private static void handle(String[] fields) throws SQLException {
    String id = fields[0];
    switch (fields[1]) {
      case "OPEN":
        Connection opened = DriverManager.getConnection(fields[2], "SA", "");
        opened.setAutoCommit(false);
        connections.put(id, opened);
        break;
      case "CLOSE":
        Connection closed = connections.remove(id);
        closed.rollback();
        closed.close();
        break;
      case "COMMIT":
        connections.get(id).commit();
        break;
      case "ROLLBACK":
        connections.get(id).rollback();
        break;
      default:
        run(connections.get(id), decode(fields[2]), fields);
    }
  }

  private static void run(Connection connection, String sql, String[] fields) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int index = 3; index < fields.length; index++) statement.setObject(index - 2, parameter(fields[index]));
      if (!statement.execute()) {
        out.println("U\t" + statement.getUpdateCount());
        return;
      }
      try (ResultSet rows = statement.getResultSet()) {
        ResultSetMetaData columns = rows.getMetaData();
        int count = columns.getColumnCount();
        StringBuilder line = new StringBuilder("C");
        for (int column = 1; column <= count; column++) {
          line.append('\t').append(encode(columns.getColumnLabel(column))).append(':').append(encode(columns.getColumnTypeName(column)));
          line.append(':').append(columns.getPrecision(column)).append(':').append(columns.getScale(column));
        }
        out.println(line);
        while (rows.next()) {
          line = new StringBuilder("R");
          for (int column = 1; column <= count; column++) line.append('\t').append(value(rows.getObject(column)));
          out.println(line);
        }
      }
    }
  }

  private static Object parameter(String field) {
    String rest = field.substring(1);
    switch (field.charAt(0)) {
      case 'n':
        return null;
      case 'd':
        return new BigDecimal(rest);
      case 't':
        return Timestamp.valueOf(rest);
      case 'b':
        return Base64.getDecoder().decode(rest);
      case 'z':
        return rest.equals("1");
      default:
        return decode(rest);
    }
  }

  private static String value(Object value) throws SQLException {
    if (value == null) return "n";
    if (value instanceof Clob) {
      Clob clob = (Clob) value;
      return "s" + encode(clob.getSubString(1, (int) clob.length()));
    }
    if (value instanceof Blob) {
      Blob blob = (Blob) value;
      return "b" + Base64.getEncoder().encodeToString(blob.getBytes(1, (int) blob.length()));
    }
    if (value instanceof byte[]) return "b" + Base64.getEncoder().encodeToString((byte[]) value);
    if (value instanceof BigDecimal) return "s" + encode(((BigDecimal) value).toPlainString());
    return "s" + encode(value.toString());
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String text) {
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }
}
