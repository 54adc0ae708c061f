// Adapter for: contractfuzz check --command 'java -cp CLASSPATH Adapter' --persistent
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

public class Adapter {
    static final ObjectMapper JSON = new ObjectMapper();

    static Map<String, Object> answer(JsonNode request) throws IOException {
        byte[] body = request.has("base64")
            ? request.get("base64").binaryValue()
            : request.get("body").textValue().getBytes(StandardCharsets.UTF_8);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", request.get("id"));
        try {
            Object result = Reader.read(body); // your reader
            answer.put("verdict", "accepted");
            answer.put("result", result);
        } catch (Throwable error) {
            StringWriter stack = new StringWriter();
            error.printStackTrace(new PrintWriter(stack));
            answer.put("verdict", error instanceof Reader.RejectedException ? "rejected" : "crashed");
            answer.put("error", stack.toString());
        }
        return answer;
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err); // standard output is for answers
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            answers.println(JSON.writeValueAsString(answer(JSON.readTree(line))));
            answers.flush();
        }
    }
}
