using System.Runtime.InteropServices;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Variants;

/// <summary>Gets variants that are not made yet: asks a worker for each one once, and waits for it. Thread-safe.</summary>
/// <remarks>
/// All requests of a process for one variant share one wait, whose cost does not depend on their number. A client that disconnects does not
/// end it for the others.
/// </remarks>
public sealed class VariantRequests(
    VariantCatalog catalog,
    VariantWork work,
    WorkSignals signals,
    IOptions<VariantOptions> options,
    IHostApplicationLifetime lifetime)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(VariantOwner Owner, string Variant), Task<VariantResult>> _waits = [];
    private readonly Dictionary<VariantOwner, int> _waitsOfSource = [];
    private readonly Dictionary<string, int> _waitsOfSender = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>Gets a variant, and waits until it is made.</summary>
    /// <param name="owner">The source.</param>
    /// <param name="variant">The key of the variant.</param>
    /// <param name="sender">The sender, whose waits for different variants are bounded.</param>
    /// <param name="cancellationToken">Ends the call. The work goes on.</param>
    public async Task<VariantResult> GetAsync(
        VariantOwner owner, string variant, string sender, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > options.Value.MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return VariantResult.Busy;
        }

        try
        {
            return Join(owner, variant, sender) is { } wait ? await wait.WaitAsync(cancellationToken) : VariantResult.Busy;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Asks for a variant without waiting for it.</summary>
    /// <param name="owner">The source.</param>
    /// <param name="variant">The key of the variant.</param>
    /// <param name="isUrgent">A value indicating whether somebody waits for it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<VariantResult> AskAsync(VariantOwner owner, string variant, bool isUrgent, CancellationToken cancellationToken) =>
        Translate(await work.WantAsync(owner, variant, isUrgent, cancellationToken));

    private static VariantResult Translate(WantedVariant wanted) => wanted.Outcome switch
    {
        WantedOutcome.Failed => VariantResult.Failed(wanted.Failure!),
        WantedOutcome.Busy => VariantResult.Busy,
        WantedOutcome.Gone => VariantResult.Gone,
        _ => VariantResult.Pending,
    };

    /// <summary>Joins the wait for a variant, or begins it.</summary>
    /// <returns>The wait; <see langword="null"/> when there are too many for the source or the sender.</returns>
    private Task<VariantResult>? Join(VariantOwner owner, string variant, string sender)
    {
        lock (_lock)
        {
            if (_waits.TryGetValue((owner, variant), out var wait))
            {
                return wait;
            }

            ref var ofSource = ref CollectionsMarshal.GetValueRefOrAddDefault(_waitsOfSource, owner, out _);
            ref var ofSender = ref CollectionsMarshal.GetValueRefOrAddDefault(_waitsOfSender, sender, out _);
            if (ofSource >= options.Value.MaxPendingPerImage || ofSender >= options.Value.MaxPendingPerSender)
            {
                Forget(_waitsOfSource, owner, 0);
                Forget(_waitsOfSender, sender, 0);
                return null;
            }

            ofSource++;
            ofSender++;
            wait = Task.Run(() => WaitAsync(owner, variant, sender));
            _waits.Add((owner, variant), wait);
            return wait;
        }
    }

    private async Task<VariantResult> WaitAsync(VariantOwner owner, string variant, string sender)
    {
        try
        {
            var stopping = lifetime.ApplicationStopping;
            var wanted = await work.WantAsync(owner, variant, isUrgent: true, stopping);
            if (wanted.Outcome is WantedOutcome.Failed or WantedOutcome.Busy or WantedOutcome.Gone)
            {
                return Translate(wanted);
            }

            return await signals.WaitAsync(
                VariantWork.SignalOf(wanted.Work),
                async token => await catalog.FindAsync(owner, variant, token) switch
                {
                    null => VariantResult.Gone,
                    { Variant: { } made } => VariantResult.Made(made),
                    { Failure: { } failure } => VariantResult.Failed(failure),
                    _ => null,
                },
                options.Value.WaitLimit,
                stopping) ?? VariantResult.Pending;
        }
        catch (JobQueueUnavailableException)
        {
            return VariantResult.Busy;
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Another replica answers the next request.
            return VariantResult.Pending;
        }
        finally
        {
            lock (_lock)
            {
                _waits.Remove((owner, variant));
                Forget(_waitsOfSource, owner, 1);
                Forget(_waitsOfSender, sender, 1);
            }
        }
    }

    private static void Forget<TKey>(Dictionary<TKey, int> counts, TKey key, int ended)
        where TKey : notnull
    {
        if ((counts[key] -= ended) == 0)
        {
            counts.Remove(key);
        }
    }
}

/// <summary>The result of a request for a variant.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Variant">The variant, when it is made.</param>
/// <param name="Failure">The reason of a failure.</param>
public sealed record VariantResult(VariantOutcome Outcome, StoredVariant? Variant, ImageFailure? Failure)
{
    internal static VariantResult Busy { get; } = new(VariantOutcome.Busy, null, null);

    internal static VariantResult Gone { get; } = new(VariantOutcome.Gone, null, null);

    internal static VariantResult Pending { get; } = new(VariantOutcome.Pending, null, null);

    internal static VariantResult Made(StoredVariant variant) => new(VariantOutcome.Made, variant, null);

    internal static VariantResult Failed(ImageFailure failure) => new(VariantOutcome.Failed, null, failure);
}

/// <summary>The outcomes of a request for a variant.</summary>
public enum VariantOutcome
{
    Made,
    Failed,

    /// <summary>The work goes on.</summary>
    Pending,

    /// <summary>Too many variants are asked for.</summary>
    Busy,

    /// <summary>The source does not exist any more.</summary>
    Gone,
}
