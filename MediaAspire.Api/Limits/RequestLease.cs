namespace MediaAspire.Api.Limits;

/// <summary>The place of a request that is served, and the deadline of its body. Disposed once, when the response is complete.</summary>
internal readonly struct RequestLease(Places.Holder? place, ITimer? deadline) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        if (deadline is not null)
        {
            // Waits for a callback that runs: it must not abort the next request on the connection.
            await deadline.DisposeAsync();
        }

        place?.Release();
    }
}

/// <summary>The decision on a request: served with a lease, or refused.</summary>
/// <param name="Lease">The lease; empty for a refused request.</param>
/// <param name="Refusal">The reason of a refusal; <see langword="null"/> when the request is served.</param>
/// <param name="RetryAfter">The time after which another request may be served.</param>
internal readonly record struct RequestAdmission(RequestLease Lease, RequestRefusal? Refusal, TimeSpan RetryAfter);

/// <summary>The reasons for which limits refuse a request.</summary>
internal enum RequestRefusal
{
    /// <summary>The sender sends too many requests.</summary>
    Rate,

    /// <summary>Too many requests are served at once, by this process or for the sender.</summary>
    Concurrency,
}
