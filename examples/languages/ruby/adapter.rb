# Adapter for: contractfuzz check --command 'ruby adapter.rb' --persistent
require "json"
require_relative "reader" # your reader, and the error by which it rejects

ANSWERS = $stdout.dup
$stdout = $stderr # standard output is for answers
ANSWERS.sync = true

def answer(request)
  body = request.key?("base64") ? request["base64"].unpack1("m") : request["body"].b
  { id: request["id"], verdict: "accepted", result: read(body) }
rescue RejectedError => error
  { id: request["id"], verdict: "rejected", error: error.message }
rescue Exception => error # also SystemStackError
  { id: request["id"], verdict: "crashed", error: error.full_message(highlight: false, order: :top) }
end

$stdin.each_line { |line| ANSWERS.puts(JSON.generate(answer(JSON.parse(line)))) }
