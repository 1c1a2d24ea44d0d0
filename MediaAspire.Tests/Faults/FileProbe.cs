using System.Net;
using System.Net.Http.Headers;
using Npgsql;

namespace MediaAspire.Tests.Faults;

/// <summary>The outcome of a read that violated no guarantee.</summary>
internal readonly record struct ProbeOutcome(string Name, string? Detail = null)
{
    public static readonly ProbeOutcome Whole = new("whole");
    public static readonly ProbeOutcome Gone = new("gone");

    /// <summary>The request had no response, or a truncated body.</summary>
    public static ProbeOutcome Lost(Exception reason) => new("lost", reason.Message);
}

/// <summary>Reads files and compares the responses with the model.</summary>
internal sealed class FileProbe(NpgsqlDataSource database)
{
    /// <summary>Gets a value indicating whether a request ended without a whole response.</summary>
    public static bool IsLost(Exception failure) => failure is HttpRequestException or IOException or OperationCanceledException;

    /// <summary>Reads a file, or a range of it.</summary>
    /// <exception cref="CampaignViolationException">
    /// The bytes are wrong or too few, the file is absent or has reappeared, or the response is not an expected one.
    /// </exception>
    public async Task<ProbeOutcome> ReadAsync(HttpClient http, CampaignFile file, RangeItemHeaderValue? range)
    {
        var wasToBeGone = file.MustBeGone;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/files/{file.Id}");
            if (range is not null)
            {
                request.Headers.Range = new RangeHeaderValue(range.From, range.To);
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK when range is null:
                case HttpStatusCode.PartialContent when range is not null:
                    await CheckBodyAsync(response, file, range);
                    return wasToBeGone
                        ? throw new CampaignViolationException($"{file} can be read, though it must be absent. {await DescribeAsync(file)}")
                        : ProbeOutcome.Whole;

                case HttpStatusCode.NotFound:
                    if (file.MustBeThere)
                    {
                        throw new CampaignViolationException(
                            $"{file} is not found, though it was acknowledged. {await DescribeAsync(file)}");
                    }

                    file.SeeGone();
                    return ProbeOutcome.Gone;

                case HttpStatusCode.ServiceUnavailable:
                    return new("503", await response.Content.ReadAsStringAsync());

                default:
                    throw new CampaignViolationException(
                        $"Reading {range?.ToString() ?? "all"} of {file} was answered with {(int)response.StatusCode}: "
                        + await response.Content.ReadAsStringAsync());
            }
        }
        catch (Exception lost) when (IsLost(lost))
        {
            return ProbeOutcome.Lost(lost);
        }
    }

    /// <summary>Finds a file whose id is not known by its name, and reads it if it is visible.</summary>
    public async Task<ProbeOutcome> AskAsync(HttpClient http, CampaignFile file)
    {
        try
        {
            await using var command = database.CreateCommand(
                "SELECT file_id FROM files WHERE filename = $1 AND upload_status = 'completed'");
            command.Parameters.Add(new() { Value = file.Name });
            if (await command.ExecuteScalarAsync() is not Guid id)
            {
                return ProbeOutcome.Gone;
            }

            if (file.State == FileState.Refused)
            {
                throw new CampaignViolationException($"{file} is visible as {id}, though its upload was refused.");
            }

            file.Find(id);
        }
        catch (NpgsqlException away)
        {
            return ProbeOutcome.Lost(away);
        }

        return await ReadAsync(http, file, range: null);
    }

    /// <summary>Describes a file's rows in the database, for the analysis of a violation.</summary>
    public async Task<string> DescribeAsync(CampaignFile file)
    {
        try
        {
            await using var command = database.CreateCommand(
                """
                SELECT concat('file ', f.upload_status, coalesce(
                    string_agg(
                        concat('; chunk ', c.chunk_number, ' ', c.chunk_id, ' on ', s.name, ' ', r.status, ' since ', r.status_since),
                        '' ORDER BY c.chunk_number),
                    ' without chunks'))
                FROM files f LEFT JOIN chunks c USING (file_id)
                LEFT JOIN chunk_replicas r USING (chunk_id) LEFT JOIN storage_servers s USING (server_id)
                WHERE f.filename = $1 GROUP BY f.file_id
                """);
            command.Parameters.Add(new() { Value = file.Name });
            return await command.ExecuteScalarAsync() as string ?? "The database has no row of it.";
        }
        catch (NpgsqlException away)
        {
            return $"The database is unavailable: {away.Message}";
        }
    }

    private async Task CheckBodyAsync(HttpResponseMessage response, CampaignFile file, RangeItemHeaderValue? range)
    {
        var (offset, length) = range is null ? (0L, file.Size) : (range.From!.Value, (int)(range.To!.Value - range.From.Value + 1));
        if (response.Content.Headers.ContentLength is { } declared && declared != length)
        {
            throw new CampaignViolationException($"{declared} bytes were declared for {length} of {file}.");
        }

        var received = await response.Content.ReadAsByteArrayAsync();
        if (!received.AsSpan().SequenceEqual(CampaignBytes.Make(file.Number, offset, length)))
        {
            var first = received.AsSpan().CommonPrefixLength(CampaignBytes.Make(file.Number, offset, length));
            throw new CampaignViolationException(
                $"{received.Length} bytes were received for {length} from {offset} of {file}; they differ from byte {first} on. "
                + await DescribeAsync(file));
        }
    }
}
