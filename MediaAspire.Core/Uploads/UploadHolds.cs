using System.Globalization;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.Uploads;

/// <summary>The appends of this process, which let go when another append wants their upload. Thread-safe.</summary>
internal sealed partial class UploadHolds : IDisposable
{
    private const string Channel = "upload_wanted";

    private readonly Lock _lock = new();
    private readonly Dictionary<UploadSessionId, List<Hold>> _holds = [];
    private readonly NpgsqlDataSource _database;
    private readonly ILogger<UploadHolds> _logger;
    private readonly IDisposable _subscription;

    public UploadHolds(DatabaseListener listener, NpgsqlDataSource database, ILogger<UploadHolds> logger)
    {
        (_database, _logger) = (database, logger);
        _subscription = listener.Subscribe(Channel, Receive);
    }

    /// <summary>Begins a hold under a term, until the result is disposed.</summary>
    public Hold Begin(UploadSessionId upload, long term)
    {
        var hold = new Hold(this, upload, term);
        lock (_lock)
        {
            if (!_holds.TryGetValue(upload, out var holds))
            {
                _holds.Add(upload, holds = []);
            }

            holds.Add(hold);
        }

        return hold;
    }

    public void Dispose() => _subscription.Dispose();

    // For example "0b5c6a1e-6d5f-4c3e-9d59-0a4f3c1f7b52 7". A signal may come late, when the upload has the next holder: the term tells.
    private void Receive(string? payload)
    {
        if (payload?.Split(' ') is not [var id, var term])
        {
            // Signals may have been missed.
            _ = LetGoOfLostAsync();
            return;
        }

        var upload = new UploadSessionId(Guid.Parse(id));
        var last = long.Parse(term, CultureInfo.InvariantCulture);
        List<Hold> wanted;
        lock (_lock)
        {
            wanted = [.. _holds.GetValueOrDefault(upload, []).Where(hold => hold.Term <= last)];
        }

        foreach (var hold in wanted)
        {
            hold.LetGo();
        }
    }

    /// <summary>Lets go of uploads that this process does not hold any more.</summary>
    private async Task LetGoOfLostAsync()
    {
        List<Hold> held;
        lock (_lock)
        {
            held = [.. _holds.Values.SelectMany(holds => holds)];
        }

        if (held.Count == 0)
        {
            return;
        }

        try
        {
            await using var command = _database.CreateCommand(
                """
                SELECT h.number FROM unnest($1, $2) WITH ORDINALITY AS h (upload_id, term, number)
                WHERE NOT EXISTS (SELECT FROM uploads u WHERE u.upload_id = h.upload_id AND u.term = h.term AND u.is_held)
                """);
            command.Parameters.Add(new() { Value = held.Select(hold => hold.Upload.Value).ToArray() });
            command.Parameters.Add(new() { Value = held.Select(hold => hold.Term).ToArray() });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                held[(int)reader.GetInt64(0) - 1].LetGo();
            }
        }
        catch (NpgsqlException failure)
        {
            // A database that fails breaks the listener's connection as well; the check follows its next one.
            LogNotChecked(failure.Message);
        }
    }

    private void End(Hold hold)
    {
        lock (_lock)
        {
            if (_holds.TryGetValue(hold.Upload, out var holds) && holds.Remove(hold) && holds.Count == 0)
            {
                _holds.Remove(hold.Upload);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Checking which uploads this process still holds failed: {Reason}")]
    private partial void LogNotChecked(string reason);

    /// <summary>An append that holds an upload.</summary>
    internal sealed class Hold(UploadHolds holds, UploadSessionId upload, long term) : IDisposable
    {
        private readonly CancellationTokenSource _wanted = new();

        public UploadSessionId Upload => upload;

        public long Term => term;

        /// <summary>Gets the token that is cancelled when another append wants the upload.</summary>
        public CancellationToken Wanted => _wanted.Token;

        // Not on the listener's thread: what waits for the token may take long.
        public void LetGo() => _ = _wanted.CancelAsync();

        // The source has no timer, so it holds nothing that must be freed; and a late signal may still cancel it.
        public void Dispose() => holds.End(this);
    }
}
