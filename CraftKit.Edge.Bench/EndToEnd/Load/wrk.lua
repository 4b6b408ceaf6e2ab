-- Sends the requests of a file in their order, and prints what wrk counted on one line.
-- Arguments: the file, bytes of a request, number of requests.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  local size = tonumber(args[2])
  count = tonumber(args[3])
  requests = {}
  for i = 0, count - 1 do
    requests[i] = file:read(size)
  end
  file:close()
  collectgarbage("collect")
  collectgarbage("stop")
  preparation = os.clock() * 1e6
  -- wrk asks for one request before the start, to see whether it is pipelined. It is not sent.
  next_request = -1
end

function request()
  local i = next_request
  next_request = i + 1
  return requests[i < 0 and 0 or i % count]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format("RESULT %d %d %d %d %d %d %d %d %d %d %d", summary.duration, threads[1]:get("next_request"), summary.requests, summary.bytes,
    errors.status, errors.connect + errors.read + errors.write, errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    threads[1]:get("preparation")))
end
