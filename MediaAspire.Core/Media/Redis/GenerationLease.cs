using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Redis;

/// <summary>The permission of this process to read a generation, which PostgreSQL renews.</summary>
/// <remarks>
/// It ends by itself a fixed time after the query that gave it was sent. So a process that has seen the generation closed, and then waits
/// a little longer than that, knows that no process reads from it any more. Thread-safe.
/// </remarks>
public sealed class GenerationLease(GenerationTable table, IOptions<MetadataOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile View? _view;

    /// <summary>Gets the last state that this process has seen; <see langword="null"/> before the first.</summary>
    public MetadataGeneration? Last => _view?.Generation;

    /// <summary>Gets the time that each wait for the leases of all processes takes.</summary>
    public TimeSpan LongestWait => options.Value.LeaseDuration + options.Value.ClockMargin;

    /// <summary>Finds the generation that this process may read now.</summary>
    /// <returns>The generation; <see langword="null"/> when none is hot, or the lease has ended.</returns>
    public MetadataGeneration? FindHot() => _view is { Generation.IsHot: true } view && IsFresh(view) ? view.Generation : null;

    /// <summary>Determines whether this process may read the generation now. To be asked after its value has arrived.</summary>
    public bool Holds(MetadataGeneration generation) => FindHot()?.Nonce == generation.Nonce;

    /// <summary>Reads the state from PostgreSQL, which renews the lease of a hot generation.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer.</exception>
    public async Task<MetadataGeneration> RenewAsync(CancellationToken cancellationToken)
    {
        // Taken before the query is sent, so that this side's time runs out first. A suspended machine stops the first clock only.
        var (askedAt, askedAtUtc) = (time.GetTimestamp(), time.GetUtcNow());
        var generation = await table.ReadAsync(cancellationToken);
        if (generation.IsHot && _view is { Generation.IsHot: false } before && before.Generation.Nonce == generation.Nonce)
        {
            // No generation is opened twice. A database that was replaced for a while is back, and Redis has values of the other one.
            await table.CloseAsync(generation.Nonce, "The database was replaced for a while.", cancellationToken);
            generation = await table.ReadAsync(cancellationToken);
        }

        lock (_gate)
        {
            if (_view is not { } last || last.AskedAt <= askedAt)
            {
                var closedSince = generation.IsHot ? 0
                    : _view is { Generation.IsHot: false } closed && closed.Generation.Nonce == generation.Nonce ? closed.ClosedSince
                    : time.GetTimestamp();
                _view = new View(generation, askedAt, askedAtUtc, closedSince);
            }
        }

        return generation;
    }

    /// <summary>Closes a generation, and reads the state afterwards.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database did not answer; the generation may be closed.</exception>
    public async Task<MetadataGeneration> CloseAsync(MetadataGeneration generation, string reason, CancellationToken cancellationToken)
    {
        await table.CloseAsync(generation.Nonce, reason, cancellationToken);
        return await RenewAsync(cancellationToken);
    }

    /// <summary>Waits until no process has a lease on a closed generation.</summary>
    public async Task WaitUntilUnreadAsync(MetadataGeneration closed, CancellationToken cancellationToken)
    {
        while (RemainingWait(closed) is { Ticks: > 0 } remaining)
        {
            await Task.Delay(remaining, time, cancellationToken);
        }
    }

    private TimeSpan RemainingWait(MetadataGeneration closed)
    {
        // Another generation is only opened after such a wait.
        return _view is { Generation.IsHot: false } view && view.Generation.Nonce == closed.Nonce
            ? LongestWait - time.GetElapsedTime(view.ClosedSince)
            : TimeSpan.Zero;
    }

    private bool IsFresh(View view) =>
        time.GetElapsedTime(view.AskedAt) < options.Value.LeaseDuration
        && (time.GetUtcNow() - view.AskedAtUtc).Duration() < options.Value.LeaseDuration;

    /// <param name="Generation">The state.</param>
    /// <param name="AskedAt">The time, from before the query.</param>
    /// <param name="AskedAtUtc">The same by the other clock.</param>
    /// <param name="ClosedSince">The time at which this process had first seen that the generation is closed.</param>
    private sealed record View(MetadataGeneration Generation, long AskedAt, DateTimeOffset AskedAtUtc, long ClosedSince);
}
