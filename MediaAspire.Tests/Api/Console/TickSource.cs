using System.Globalization;
using MediaAspire.Api.Console.Feed;
using Npgsql;

namespace MediaAspire.Tests.Api.Console;

/// <summary>A topic that counts its readings.</summary>
internal sealed class TickSource : IFeedSource
{
    private int _reads;
    private int _begun;

    public string Name => "ticks";

    public TimeSpan Period { get; init; } = TimeSpan.FromMilliseconds(20);

    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Gets the number of observations that have begun and not ended.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>Gets or sets a value indicating whether the database is down.</summary>
    public bool IsDown { get; set; }

    public IDisposable Begin()
    {
        Interlocked.Increment(ref _begun);
        return new End(this);
    }

    public Task<object> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return IsDown
            ? Task.FromException<object>(new NpgsqlException("The database is down."))
            : Task.FromResult<object>(new { Number = Reads.ToString(CultureInfo.InvariantCulture) });
    }

    private sealed class End(TickSource source) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref source._begun);
    }
}
