using System.Net;
using System.Net.Http.Json;
using MediaAspire.Api.Media;
using Npgsql;

namespace MediaAspire.Tests.Faults;

/// <summary>Reads media items and compares the responses with the model.</summary>
internal sealed class MediaProbe(NpgsqlDataSource database)
{
    public static readonly ProbeOutcome Pending = new("pending");

    /// <summary>Finds an item by its alias and downloads its bytes.</summary>
    /// <exception cref="CampaignViolationException">
    /// The bytes are wrong or too few, the item is absent or has reappeared, or the response is not an expected one.
    /// </exception>
    public async Task<ProbeOutcome> ReadAsync(HttpClient http, HttpClient store, CampaignMedia media)
    {
        // As it was before the request: another client may finalize the item meanwhile.
        var (wasToBeGone, wasWhole) = (media.MustBeGone, media.MustBeWhole);
        try
        {
            using var response = await http.GetAsync($"/media/by-alias/{CampaignMedia.Owner}/{media.Alias}");
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK when wasToBeGone:
                    throw new CampaignViolationException($"{media} is found, though it must be absent. {await DescribeAsync(media)}");

                case HttpStatusCode.OK:
                    var found = (await response.Content.ReadFromJsonAsync<MediaResponse>())!;
                    media.Id ??= found.Id;
                    return await JudgeAsync(store, media, wasWhole, found);

                case HttpStatusCode.NotFound:
                    if (media.MustBeThere)
                    {
                        throw new CampaignViolationException(
                            $"{media} is not found, though it was acknowledged. {await DescribeAsync(media)}");
                    }

                    media.SeeGone();
                    return ProbeOutcome.Gone;

                case HttpStatusCode.ServiceUnavailable:
                    return new("503", await response.Content.ReadAsStringAsync());

                default:
                    throw new CampaignViolationException(
                        $"Finding {media} was answered with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            }
        }
        catch (Exception lost) when (FileProbe.IsLost(lost))
        {
            return ProbeOutcome.Lost(lost);
        }
    }

    /// <summary>Describes an item's rows in the database, for the analysis of a violation.</summary>
    public async Task<string> DescribeAsync(CampaignMedia media)
    {
        try
        {
            await using var command = database.CreateCommand(
                """
                SELECT concat(
                    'item ', m.media_id, ' status ', m.status, ' version ', m.version, ' since ', m.updated_at, ' ', m.error, '; object ',
                    o.object_key, ' ', o.state, '; ', (SELECT count(*) FROM objects s WHERE s.key = o.object_key), ' versions in the store')
                FROM media m JOIN media_parts p USING (media_id) JOIN media_objects o USING (object_key) WHERE m.alias = $1
                """);
            command.Parameters.Add(new() { Value = media.Alias });
            return await command.ExecuteScalarAsync() as string ?? "The database has no row of it.";
        }
        catch (NpgsqlException away)
        {
            return $"The database is unavailable: {away.Message}";
        }
    }

    private async Task<ProbeOutcome> JudgeAsync(HttpClient store, CampaignMedia media, bool wasWhole, MediaResponse found)
    {
        switch (found.Status)
        {
            case "pending" when wasWhole:
                throw new CampaignViolationException($"{media} is pending, though it was finalized. {await DescribeAsync(media)}");

            case "pending":
                return Pending;

            case "failed":
                throw new CampaignViolationException($"Processing of {media} failed: {found.Error}. {await DescribeAsync(media)}");

            default:
                return media.State == MediaState.Refused
                    ? throw new CampaignViolationException(
                        $"{media} is {found.Status}, though its bytes were refused. {await DescribeAsync(media)}")
                    : await DownloadAsync(store, media, found);
        }
    }

    private async Task<ProbeOutcome> DownloadAsync(HttpClient store, CampaignMedia media, MediaResponse found)
    {
        using var response = await store.GetAsync(found.Parts[0].Download!.Url);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                var received = await response.Content.ReadAsByteArrayAsync();
                return received.AsSpan().SequenceEqual(CampaignBytes.Make(media.Number, 0, media.Size))
                    ? ProbeOutcome.Whole
                    : throw new CampaignViolationException(
                        $"{received.Length} bytes were received for {media}, and they differ. {await DescribeAsync(media)}");

            // It was removed between the two requests.
            case HttpStatusCode.NotFound when !media.MustBeThere:
                return ProbeOutcome.Gone;

            case HttpStatusCode.ServiceUnavailable:
                return new("503 download", await response.Content.ReadAsStringAsync());

            default:
                throw new CampaignViolationException(
                    $"Downloading {media} was answered with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()} "
                    + await DescribeAsync(media));
        }
    }
}
