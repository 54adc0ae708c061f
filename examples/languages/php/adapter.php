<?php
// Adapter for: contractfuzz check --command 'php adapter.php' --persistent
declare(strict_types=1);
ini_set('display_errors', 'stderr'); // standard output is for answers
require __DIR__ . '/reader.php'; // your reader, and the error by which it rejects

// A warning, such as that of a missing key, is a crash.
set_error_handler(static function (int $level, string $message, string $file, int $line): never {
    throw new ErrorException($message, 0, $level, $file, $line);
});

function answer(array $request): array
{
    $body = isset($request['base64']) ? base64_decode($request['base64']) : $request['body'];
    try {
        return ['id' => $request['id'], 'verdict' => 'accepted', 'result' => read($body)];
    } catch (RejectedException $error) {
        return ['id' => $request['id'], 'verdict' => 'rejected', 'error' => $error->getMessage()];
    } catch (Throwable $error) {
        return ['id' => $request['id'], 'verdict' => 'crashed', 'error' => (string) $error];
    }
}

while (($line = fgets(STDIN)) !== false) {
    $answer = answer(json_decode($line, true, 8, JSON_THROW_ON_ERROR));
    fwrite(STDOUT, json_encode($answer, JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR) . "\n");
}
