using System.Globalization;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Uploads;

/// <summary>The appends of this process, which let go when another append wants their upload. Thread-safe.</summary>
internal sealed class UploadHolds : IDisposable
{
    private const string Channel = "upload_wanted";

    private readonly Lock _lock = new();
    private readonly Dictionary<UploadSessionId, List<Hold>> _holds = [];
    private readonly IDisposable _subscription;

    public UploadHolds(DatabaseListener listener) => _subscription = listener.Subscribe(Channel, Receive);

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
    // A missed one is made up for: the append that waits takes the upload by force.
    private void Receive(string? payload)
    {
        if (payload?.Split(' ') is not [var id, var term])
        {
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
