using System.Data.Common;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.Copies;

/// <summary>Makes one more copy of a chunk, from node to node, and records it once every block of it is verified.</summary>
/// <remarks>
/// Safe for concurrent use, by several workers too. A worker that is killed leaves a row that says <c>copying</c>; calling
/// <see cref="MakeAsync"/> for it again finishes the copy, because copying is idempotent on the nodes.
/// </remarks>
public sealed partial class CopyMaker(
    CopyLedger ledger, CopyAuditor auditor, ClusterView cluster, ChunkNodeClients nodes, TimeProvider time, ILogger<CopyMaker> logger)
{
    private static readonly TimeSpan s_cleanUpLimit = TimeSpan.FromSeconds(5);

    /// <summary>Makes a copy. It fails only after every source was tried, and leaves no <c>copying</c> row behind.</summary>
    /// <param name="order">The chunk and the servers.</param>
    /// <param name="cancellationToken">Stops the copying; another attempt can resume at once.</param>
    /// <exception cref="NpgsqlException">The database did not answer; another attempt finishes the copy later.</exception>
    public async Task<CopyResult> MakeAsync(CopyOrder order, CancellationToken cancellationToken)
    {
        var (ticket, refusal) = await ledger.BeginAsync(order.Chunk, order.Target, cancellationToken);
        if (ticket is null)
        {
            return new(refusal);
        }

        using var copying = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(ticket, copying);
        try
        {
            var failure = await CopyAsync(ticket, order.BytesPerSecond, copying.Token);
            if (failure is null)
            {
                return new(await ledger.FinishAsync(ticket, order.Replaces, order.Alongside, cancellationToken), ticket.Size);
            }

            await ledger.AbandonAsync(ticket, cancellationToken);
            LogFailed(ticket.Chunk, NameOf(ticket.Target), failure);
            return new(CopyOutcome.Failed, Reason: failure);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync(ticket);
            throw;
        }
        catch (OperationCanceledException)
        {
            return new(CopyOutcome.Lost);
        }
        finally
        {
            await copying.CancelAsync();
            await renewing;
        }
    }

    /// <returns>The failure; null when the copy is on the target and matches the catalog.</returns>
    private async Task<string?> CopyAsync(CopyTicket ticket, long bytesPerSecond, CancellationToken cancellationToken)
    {
        var snapshot = await cluster.GetAsync(cancellationToken);
        if (!snapshot.TryGetServer(ticket.Target, out var target))
        {
            return $"server {ticket.Target} is not known";
        }

        var failure = "no server with a readable copy can be reached";
        foreach (var source in SourcesOf(ticket, snapshot))
        {
            try
            {
                var copied = await nodes.Get(target).CopyAsync(
                    ticket.Chunk, source.Id, ticket.Size, bytesPerSecond, cancellationToken);
                if (copied.Size == ticket.Size && copied.Sha256.Equals(ticket.Sha256))
                {
                    return null;
                }

                failure = $"{source.Name} has {copied.Size} bytes with the SHA-256 {copied.Sha256}; "
                    + $"the catalog says {ticket.Size} and {ticket.Sha256}";
            }
            catch (ChunkNodeException exception)
            {
                failure = exception.Message;
                if (exception.IsNodeFault)
                {
                    cluster.ReportUnreachable(target.Id);
                    return failure;
                }

                if (exception.Error is ChunkNodeError.Corrupt or ChunkNodeError.NotFound)
                {
                    await auditor.AuditAsync(ticket.Chunk, source.Id, source.Address, VerificationPace.Unlimited, cancellationToken);
                }
            }
        }

        return failure;
    }

    /// <summary>Orders the servers to copy from: reachable ones first, spread by the chunk's id.</summary>
    private IEnumerable<ClusterServer> SourcesOf(CopyTicket ticket, ClusterSnapshot snapshot) => ticket.Sources
        .Select(id => snapshot.TryGetServer(id, out var server) ? server : null)
        .OfType<ClusterServer>()
        .Where(server => server.Status is ServerStatus.Online or ServerStatus.Draining)
        .OrderBy(server => cluster.IsSuspect(server.Id))
        .ThenBy(server => HashCode.Combine(server.Id, ticket.Chunk));

    private string NameOf(ServerId id) => cluster.Current.TryGetServer(id, out var server) ? server.Name : id.ToString();

    /// <summary>Renews the attempt, and cancels the copying when it is lost.</summary>
    private async Task RenewAsync(CopyTicket ticket, CancellationTokenSource copying)
    {
        using var timer = new PeriodicTimer(ledger.Trust / 4, time);
        try
        {
            while (await timer.WaitForNextTickAsync(copying.Token))
            {
                if (!await TryRenewAsync(ticket, copying.Token))
                {
                    await copying.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (copying.IsCancellationRequested)
        {
            // The copying has ended.
        }
    }

    private async Task<bool> TryRenewAsync(CopyTicket ticket, CancellationToken cancellationToken)
    {
        try
        {
            return await ledger.RenewAsync(ticket, cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException)
        {
            LogNotRenewed(ticket.Chunk, exception.Message);
            return true;
        }
    }

    private async Task ReleaseAsync(CopyTicket ticket)
    {
        using var limit = new CancellationTokenSource(s_cleanUpLimit, time);
        try
        {
            await ledger.ReleaseAsync(ticket, limit.Token);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException or OperationCanceledException)
        {
            LogNotRenewed(ticket.Chunk, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Copying chunk {Chunk} to {Server} failed: {Reason}")]
    private partial void LogFailed(ChunkId chunk, string server, string reason);

    [LoggerMessage(LogLevel.Warning, "Renewing or releasing the copying of chunk {Chunk} failed: {Reason}")]
    private partial void LogNotRenewed(ChunkId chunk, string reason);
}
