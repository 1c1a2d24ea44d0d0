using System.Collections.Concurrent;
using System.Data.Common;
using System.Threading.Channels;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.Copies;

/// <summary>Verifies copies that readers reported, in the background: their servers read them back, and damage is recorded.</summary>
/// <remarks>
/// At most <see cref="Capacity"/> reports wait; more are dropped, because the next reader reports again. A copy that was looked into is
/// left alone for <see cref="Rest"/>, in spite of new reports: a fault on the wire must not keep a disk busy.
/// </remarks>
public sealed partial class CopyFaultReporter(
    NpgsqlDataSource database, CopyAuditor auditor, CopyFaultMetrics metrics, TimeProvider time, ILogger<CopyFaultReporter> logger)
    : BackgroundService, ICopyFaults
{
    internal const int Capacity = 1024;

    private const int Workers = 4;

    private readonly Channel<Report> _reports = Channel.CreateBounded<Report>(Capacity);
    private readonly ConcurrentDictionary<Report, long> _known = new();

    /// <summary>Gets the time for which a verified copy is left alone.</summary>
    internal static TimeSpan Rest { get; } = TimeSpan.FromMinutes(1);

    void ICopyFaults.Report(ChunkId chunk, ServerId server) => Enqueue(new Report(chunk, server));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(stoppingToken)));

    private void Enqueue(Report report)
    {
        if (!_known.TryAdd(report, long.MaxValue))
        {
            metrics.CountReport("known");
        }
        else if (_reports.Writer.TryWrite(report))
        {
            metrics.CountReport("taken");
        }
        else
        {
            _known.TryRemove(report, out _);
            metrics.CountReport("dropped");
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var report in _reports.Reader.ReadAllAsync(cancellationToken))
            {
                if (await HandleAsync(report, cancellationToken))
                {
                    _known[report] = time.GetTimestamp();
                }
                else
                {
                    _known.TryRemove(report, out _);
                }

                ForgetRested();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process stops; the scrub will find the reported copies.
        }
    }

    /// <returns><see langword="true"/> when the copy was verified and may rest.</returns>
    private async Task<bool> HandleAsync(Report report, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindAddressAsync(report, cancellationToken) is not { } address)
            {
                return true;
            }

            var verdict = await auditor.AuditAsync(report.Chunk, report.Server, address, VerificationPace.Unlimited, cancellationToken);
            metrics.CountVerdict(verdict);
            return verdict != CopyVerdict.Unreachable;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or IOException)
        {
            LogNotHandled(report.Chunk, report.Server, failure.Message);
            return false;
        }
    }

    /// <returns>The address of the copy's server; null when the copy no longer counts as stored.</returns>
    private async Task<Uri?> FindAddressAsync(Report report, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT s.grpc_address FROM chunk_replicas r JOIN storage_servers s USING (server_id)
            WHERE r.chunk_id = $1 AND r.server_id = $2 AND r.status = 'stored'
            """);
        command.Parameters.Add(new() { Value = report.Chunk.Value });
        command.Parameters.Add(new() { Value = report.Server.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is string address ? new Uri(address) : null;
    }

    private void ForgetRested()
    {
        foreach (var (report, since) in _known)
        {
            if (since != long.MaxValue && time.GetElapsedTime(since) > Rest)
            {
                _known.TryRemove(KeyValuePair.Create(report, since));
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Verifying the reported copy of chunk {ChunkId} on server {ServerId} failed: {Reason}")]
    private partial void LogNotHandled(ChunkId chunkId, ServerId serverId, string reason);

    private readonly record struct Report(ChunkId Chunk, ServerId Server);
}
