using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using MediaAspire.Api.Media;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Faults;

/// <summary>The routes of <c>/media</c>, with uploads straight to the object store.</summary>
internal sealed class MediaDoor(CampaignModel model, FaultBoard board, MediaProbe probe, Uri api, string key, FileNumbers numbers)
    : ICampaignDoor
{
    private static readonly TimeSpan s_requestTimeout = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        BaseAddress = api,
        Timeout = s_requestTimeout,
        DefaultRequestHeaders = { { TestApiKey.Header, key } },
    };

    // Presigned addresses need no key.
    private readonly HttpClient _store = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = s_requestTimeout,
    };

    public string Name => "media";

    public void Dispose()
    {
        _http.Dispose();
        _store.Dispose();
    }

    /// <summary>Creates an item, uploads its bytes, and usually finalizes it.</summary>
    public async Task<DoorOperation?> StoreAsync(Random random)
    {
        var plan = UploadPlan.Draw(random, CampaignOptions.MaxFileBytes);
        var finalizes = random.Next(4) != 0;
        var media = new CampaignMedia(numbers.Next(), plan.Size);
        var bytes = CampaignBytes.Make(media.Number, 0, media.Size);
        model.Add(media);

        var outcome = await CreateAsync(media, bytes) is { } upload
            ? await PutAsync(media, plan, upload, bytes)
            : DoorOperation.Lost;
        if (media.State == MediaState.Sent && finalizes)
        {
            outcome = await FinalizeAsync(media);
        }

        return new($"upload{(finalizes ? "" : " without finalizing")}", outcome, $"{plan} {media}");
    }

    public async Task<DoorOperation?> ReadAsync(Random random)
    {
        var wantsGone = random.Next(5) == 0;
        var media = wantsGone
            ? model.ChooseMedia(random, MediaState.Removed, MediaState.RemoveUnknown, MediaState.Removing)
            : model.ChooseMedia(random, MediaState.Stored, MediaState.Sent, MediaState.Refused);
        if (media is null)
        {
            return null;
        }

        var outcome = await probe.ReadAsync(_http, _store, media);
        return new(wantsGone ? "read of a removed item" : "read", outcome.Name, media.ToString(), outcome.Detail);
    }

    public async Task<DoorOperation?> DeleteAsync(Random random)
    {
        if (model.ChooseMedia(random, MediaState.Stored, MediaState.Refused) is not { Id: { } id } media || !media.TryBeginRemoval())
        {
            return null;
        }

        var start = TimeProvider.System.GetTimestamp();
        try
        {
            using var response = await _http.DeleteAsync($"/media/{id}");
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK or HttpStatusCode.NoContent:
                    media.End(MediaState.Removed);
                    break;

                // HttpClient repeats a request whose connection was closed: the first one may have succeeded.
                case HttpStatusCode.NotFound when board.WasInterruptedSince(start):
                case HttpStatusCode.ServiceUnavailable:
                    media.End(MediaState.RemoveUnknown);
                    break;
                default:
                    throw await ViolationAsync("Removing", media, response);
            }

            return new("remove", NumberOf(response), media.ToString());
        }
        catch (Exception lost) when (FileProbe.IsLost(lost))
        {
            media.End(MediaState.RemoveUnknown);
            return new("remove", DoorOperation.Lost, media.ToString(), lost.Message);
        }
    }

    /// <summary>Finalizes an item whose upload or finalizing had no response.</summary>
    public async Task<DoorOperation?> AskAsync(Random random) =>
        model.ChooseMedia(random, MediaState.Unknown, MediaState.Sent) is { Id: not null } media
            ? new("finalize after a lost response", await FinalizeAsync(media), media.ToString())
            : null;

    private async Task<UploadResponse?> CreateAsync(CampaignMedia media, byte[] bytes)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync("/media", new
            {
                name = media.Alias,
                owner = CampaignMedia.Owner,
                alias = media.Alias,
                contentType = "application/octet-stream",
                size = media.Size,
                sha256 = CampaignBytes.Sha256(bytes),
            });
            switch (response.StatusCode)
            {
                case HttpStatusCode.Created:
                    var created = (await response.Content.ReadFromJsonAsync<MediaResponse>())!;
                    media.Id = created.Id;
                    return created.Parts[0].Upload!;

                // HttpClient repeats a request whose connection was closed: the first one has the alias.
                case HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable:
                    media.End(MediaState.Unknown);
                    return null;
                default:
                    throw await ViolationAsync("Creating", media, response);
            }
        }
        catch (Exception lost) when (FileProbe.IsLost(lost))
        {
            media.End(MediaState.Unknown);
            return null;
        }
    }

    private async Task<string> PutAsync(CampaignMedia media, UploadPlan plan, UploadResponse upload, byte[] bytes)
    {
        var sent = plan.HasWrongHash && bytes.Length > 0 ? [.. bytes[..^1], (byte)~bytes[^1]] : bytes;
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(upload.Method), upload.Url)
            {
                Content = new TruncatedContent(sent, plan.Sent, tellLength: true),
            };
            foreach (var (name, value) in upload.Headers)
            {
                if (!request.Headers.TryAddWithoutValidation(name, value))
                {
                    request.Content.Headers.TryAddWithoutValidation(name, value);
                }
            }

            using var response = await _store.SendAsync(request);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK when ReferenceEquals(sent, bytes) && !plan.IsTruncated:
                    media.End(MediaState.Sent);
                    return "sent";

                case HttpStatusCode.BadRequest when !ReferenceEquals(sent, bytes) || plan.IsTruncated:
                    media.End(MediaState.Refused);
                    return "400";

                case HttpStatusCode.ServiceUnavailable:
                    media.End(ReferenceEquals(sent, bytes) ? MediaState.Unknown : MediaState.Refused);
                    return "503 of the store";

                default:
                    throw await ViolationAsync($"The upload {plan}", media, response);
            }
        }
        catch (Exception lost) when (FileProbe.IsLost(lost))
        {
            media.End(plan.IsTruncated || !ReferenceEquals(sent, bytes) ? MediaState.Refused : MediaState.Unknown);
            return plan.IsTruncated ? "truncated" : DoorOperation.Lost;
        }
    }

    private async Task<string> FinalizeAsync(CampaignMedia media)
    {
        var wasSent = media.State is MediaState.Sent or MediaState.Stored;
        try
        {
            using var response = await _http.PostAsync($"/media/{media.Id}/finalize", content: null);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    media.Complete();
                    return "stored";

                case HttpStatusCode.Conflict when !wasSent:
                    return "409";

                case HttpStatusCode.ServiceUnavailable:
                    return "503 of finalizing";

                default:
                    throw await ViolationAsync("Finalizing", media, response);
            }
        }
        catch (Exception lost) when (FileProbe.IsLost(lost))
        {
            return $"{DoorOperation.Lost} finalizing";
        }
    }

    private static string NumberOf(HttpResponseMessage response) => ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);

    private async Task<CampaignViolationException> ViolationAsync(string what, CampaignMedia media, HttpResponseMessage response) => new(
        $"{what} of {media} was answered with {NumberOf(response)}: {await response.Content.ReadAsStringAsync()} "
        + await probe.DescribeAsync(media));
}
