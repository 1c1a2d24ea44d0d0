using System.Globalization;
using System.Net.Http.Headers;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Faults;

/// <summary>The routes of <c>/files</c>.</summary>
internal sealed partial class FilesDoor(
    CampaignModel model, FaultBoard board, FileProbe probe, Uri api, string key, FileNumbers numbers) : ICampaignDoor
{
    private static readonly TimeSpan s_requestTimeout = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        BaseAddress = api,
        Timeout = s_requestTimeout,
        DefaultRequestHeaders = { { TestApiKey.Header, key } },
    };

    public string Name => "files";

    public void Dispose() => _http.Dispose();

    /// <summary>Reads a file of the model, whole or by range.</summary>
    public async Task<DoorOperation?> ReadAsync(Random random)
    {
        var isWhole = random.Next(2) == 0;
        var (from, to) = (random.NextDouble(), random.NextDouble());
        var wantsGone = random.Next(5) == 0;
        var file = wantsGone
            ? model.Choose(random, FileState.Deleted, FileState.DeleteUnknown, FileState.Deleting)
            : model.Choose(random, FileState.Acknowledged);
        if (file is null)
        {
            return null;
        }

        var range = isWhole || file.Size == 0 ? null : RangeOf(file, Math.Min(from, to), Math.Max(from, to));
        var outcome = await probe.ReadAsync(_http, file, range);
        return new(wantsGone ? "read of a deleted file" : "read", outcome.Name, $"{range?.ToString() ?? "all"} of {file}", outcome.Detail);
    }

    public async Task<DoorOperation?> DeleteAsync(Random random)
    {
        if (model.Choose(random, FileState.Acknowledged) is not { } file || !file.TryBeginDelete())
        {
            return null;
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

                // HttpClient repeats a request whose connection was closed: the first one may have succeeded.
                case 404 when board.WasInterruptedSince(start):
                    file.LoseDelete();
                    file.SeeGone();
                    break;
                case 503:
                    file.LoseDelete();
                    break;
                default:
                    throw new CampaignViolationException(
                        $"DELETE of {file} was answered with {status}: {await response.Content.ReadAsStringAsync()}");
            }
        }
        catch (Exception lost) when (FileProbe.IsLost(lost))
        {
            file.LoseDelete();
            outcome = DoorOperation.Lost;
        }

        return new("delete", outcome, file.ToString());
    }

    /// <summary>Reads a file whose upload had no response or was refused.</summary>
    public async Task<DoorOperation?> AskAsync(Random random)
    {
        if (model.Choose(random, FileState.Unknown, FileState.Refused) is not { } file)
        {
            return null;
        }

        var outcome = await probe.AskAsync(_http, file);
        return new("ask for a lost or refused file", outcome.Name, file.ToString(), outcome.Detail);
    }

    private static RangeItemHeaderValue RangeOf(CampaignFile file, double from, double to)
    {
        var first = (long)(from * file.Size);
        return new(first, Math.Max(first, Math.Min(file.Size - 1, (long)(to * file.Size))));
    }
}
