-- wrk's side of bench/load.py. Arguments: requests a second (0: as many as there can be), then the paths, in turn.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } bench_time;
  int clock_gettime(int clock, bench_time *time);
]]
local CLOCK_MONOTONIC = 1
local clock = ffi.new("bench_time")

local function now()
  ffi.C.clock_gettime(CLOCK_MONOTONIC, clock)
  return tonumber(clock.seconds) + tonumber(clock.nanoseconds) / 1e9
end

function init(args)
  local rate, requests, turn = tonumber(args[1]), {}, 0
  for i = 2, #args do
    requests[#requests + 1] = wrk.format("GET", args[i])
  end
  if #requests > 1 then
    function request()
      turn = turn % #requests + 1
      return requests[turn]
    end
  end
  if rate > 0 then
    math.randomseed(1)
    local at
    -- Visitors come when they come: one timeline for all connections, its gaps exponentially distributed. Whoever is
    -- late does not move those who come after.
    function delay()
      local time = now()
      at = (at or time) - math.log(1 - math.random()) / rate
      return math.max(0, math.floor((at - time) * 1000 + 0.5))
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
