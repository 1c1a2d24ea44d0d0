using System.Globalization;
using System.Net.Http.Headers;

namespace MediaAspire.Tests.Faults;

/// <summary>One client: stores, reads and deletes files as its random numbers say, and holds every answer against the model.</summary>
internal sealed partial class CampaignClient : IDisposable
{
    private static readonly TimeSpan s_requestTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pauseAfterLoss = TimeSpan.FromMilliseconds(250);

    private readonly int _number;
    private readonly string _name;
    private readonly Random _random;
    private readonly CampaignOptions _options;
    private readonly CampaignModel _model;
    private readonly CampaignLog _log;
    private readonly FaultBoard _board;
    private readonly FileProbe _probe;
    private readonly HttpClient _http;
    private int _files;
    private bool _wasLost;

    public CampaignClient(int number, CampaignOptions options, CampaignModel model, CampaignLog log, FaultBoard board, FileProbe probe, Uri api)
    {
        _number = number;
        _name = string.Create(CultureInfo.InvariantCulture, $"client-{number}");
        _random = new Random(HashCode(options.Seed, number));
        _options = options;
        _model = model;
        _log = log;
        _board = board;
        _probe = probe;
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = api, Timeout = s_requestTimeout };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Works until it is told to stop; an operation that has begun is finished.</summary>
    /// <exception cref="CampaignViolationException">An answer breaks a promise.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (_wasLost)
            {
                // A user waits a moment as well, and a connection is refused in no time.
                _wasLost = false;
                await Task.Delay(s_pauseAfterLoss, TimeProvider.System, CancellationToken.None);
            }

            var kind = _random.Next(100);
            if (kind < 35)
            {
                await (_model.LiveBytes < CampaignOptions.MaxLiveBytes ? UploadAsync() : DeleteAsync());
            }
            else if (kind < 85)
            {
                await ReadAsync();
            }
            else if (kind < 95)
            {
                await DeleteAsync();
            }
            else
            {
                await AskAsync();
            }
        }
    }

    /// <summary>Reads a file of the model, whole or a part.</summary>
    private async Task ReadAsync()
    {
        var isWhole = _random.Next(2) == 0;
        var (from, to) = (_random.NextDouble(), _random.NextDouble());
        var wantsGone = _random.Next(5) == 0;
        var file = wantsGone
            ? _model.Choose(_random, FileState.Deleted, FileState.DeleteUnknown, FileState.Deleting)
            : _model.Choose(_random, FileState.Acknowledged);
        if (file is null)
        {
            return;
        }

        var start = TimeProvider.System.GetTimestamp();
        var range = isWhole || file.Size == 0 ? null : RangeOf(file, Math.Min(from, to), Math.Max(from, to));
        var outcome = await _probe.ReadAsync(_http, file, range);
        _wasLost = outcome != ProbeOutcome.Whole && outcome != ProbeOutcome.Gone;
        Tell(wantsGone ? "read of a deleted file" : "read", outcome.Name, start, $"{range?.ToString() ?? "all"} of {file}", outcome.Detail);
    }

    private async Task DeleteAsync()
    {
        if (_model.Choose(_random, FileState.Acknowledged) is not { } file || !file.TryBeginDelete())
        {
            return;
        }

        var start = TimeProvider.System.GetTimestamp();
        string outcome;
        try
        {
            using var response = await _http.DeleteAsync($"/files/{file.Id}");
            var status = (int)response.StatusCode;
            outcome = status.ToString(CultureInfo.InvariantCulture);
            switch (status)
            {
                case 204:
                    file.EndDelete();
                    break;

                // HttpClient sends a request anew when its connection was closed: the first one may have done it.
                case 404 when _board.WasInterruptedSince(start):
                    file.LoseDelete();
                    file.SeeGone();
                    break;
                case 503:
                    file.LoseDelete();
                    break;
                default:
                    throw new CampaignViolationException($"DELETE of {file} was answered with {status}: {await response.Content.ReadAsStringAsync()}");
            }
        }
        catch (Exception lost) when (FileProbe.IsLost(lost))
        {
            file.LoseDelete();
            outcome = "lost";
            _wasLost = true;
        }

        Tell("delete", outcome, start, file.ToString());
    }

    /// <summary>Looks for a file whose upload's answer was lost or that was refused: whole, or nowhere.</summary>
    private async Task AskAsync()
    {
        if (_model.Choose(_random, FileState.Unknown, FileState.Refused) is not { } file)
        {
            return;
        }

        var start = TimeProvider.System.GetTimestamp();
        var outcome = await _probe.AskAsync(_http, file);
        Tell("ask for a lost or refused file", outcome.Name, start, file.ToString(), outcome.Detail);
    }

    /// <summary>Logs and counts an operation; one that failed without cause is counted apart.</summary>
    private void Tell(string operation, string outcome, long start, string what, string? detail = null)
    {
        var isFailure = outcome == "lost" || outcome.StartsWith("503", StringComparison.Ordinal);
        if (isFailure && !_board.WasInterruptedSince(start))
        {
            outcome += " without cause";
        }

        _log.Count(operation, outcome);
        _log.Write(_name, $"{operation} {what}: {outcome} {detail}");
    }

    private static RangeItemHeaderValue RangeOf(CampaignFile file, double from, double to)
    {
        var first = (long)(from * file.Size);
        return new(first, Math.Max(first, Math.Min(file.Size - 1, (long)(to * file.Size))));
    }

    // System.HashCode differs from process to process.
    private static int HashCode(int seed, int number) => unchecked((seed * 1_000_003) ^ (number * 7_919));
}
