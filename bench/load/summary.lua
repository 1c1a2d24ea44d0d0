-- Prints the end of a run as one line of JSON after "summary: ".

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        'summary: {"requests":%d,"seconds":%.6f,"bytes":%d,' ..
            '"errors":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d},' ..
            '"latency":{"p50":%.6f,"p99":%.6f,"max":%.6f}}\n',
        summary.requests,
        summary.duration / 1e6,
        summary.bytes,
        errors.connect,
        errors.read,
        errors.write,
        errors.status,
        errors.timeout,
        latency:percentile(50) / 1e6,
        latency:percentile(99) / 1e6,
        latency.max / 1e6))
end
