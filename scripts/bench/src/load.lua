-- Requests, microseconds, the 99th percentile in microseconds, and what failed.
function done(summary, latency)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("figures: %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(99), failures))
end
