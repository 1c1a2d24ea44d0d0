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

    /// <summary>Begins a hold, until the result is disposed.</summary>
    public Hold Begin(UploadSessionId upload)
    {
        var hold = new Hold(this, upload);
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

    // A missed signal is made up for: the append that waits asks for the upload again, or takes it by force.
    private void Receive(string? payload)
    {
        if (Guid.TryParse(payload, out var id))
        {
            List<Hold> wanted;
            lock (_lock)
            {
                wanted = [.. _holds.GetValueOrDefault(new(id), [])];
            }

            foreach (var hold in wanted)
            {
                hold.LetGo();
            }
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
    internal sealed class Hold(UploadHolds holds, UploadSessionId upload) : IDisposable
    {
        private readonly CancellationTokenSource _wanted = new();

        public UploadSessionId Upload => upload;

        /// <summary>Gets the token that is cancelled when another append wants the upload.</summary>
        public CancellationToken Wanted => _wanted.Token;

        // Not on the listener's thread: what waits for the token may take long.
        public void LetGo() => _ = _wanted.CancelAsync();

        // The source has no timer, so it holds nothing that must be freed; and a late signal may still cancel it.
        public void Dispose() => holds.End(this);
    }
}
