using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace MediaAspire.Tests.Faults;

/// <summary>The S3 API, through the AWS SDK.</summary>
internal sealed partial class S3Door(CampaignModel model, S3Bucket bucket, S3Probe probe, FileNumbers numbers) : ICampaignDoor
{
    public string Name => "s3";

    private IAmazonS3 Client => bucket.Client;

    public void Dispose()
    {
        // All clients share the bucket.
    }

    /// <summary>Reads a key, whole or by range, or requests its head.</summary>
    public async Task<DoorOperation?> ReadAsync(Random random)
    {
        var kind = random.Next(5);
        var (from, to) = (random.NextDouble(), random.NextDouble());
        var wantsGone = random.Next(5) == 0;
        var key = wantsGone
            ? model.Choose(random, CampaignKeyState.Absent)
            : model.Choose(random, CampaignKeyState.Stored, CampaignKeyState.Writing);
        if (key is null)
        {
            return null;
        }

        var of = wantsGone ? " of a deleted key" : "";
        if (kind == 0)
        {
            var told = await probe.HeadAsync(key);
            return new($"head{of}", told.Name, key.Name, told.Detail);
        }

        var range = kind < 3 || key.Certain is not { Size: > 0 } certain ? null : RangeOf(certain, Math.Min(from, to), Math.Max(from, to));
        var read = await probe.ReadAsync(key, range);
        return new($"read{of}", read.Name, $"{range?.FormattedByteRange ?? "all"} of {key.Name}", read.Detail);
    }

    public async Task<DoorOperation?> DeleteAsync(Random random)
    {
        if (model.Choose(random, CampaignKeyState.Stored) is not { } key || !key.TryBegin(content: null))
        {
            return null;
        }

        try
        {
            var response = await Client.DeleteObjectAsync(S3Bucket.Name, key.Name);
            key.Acknowledge();
            return response.HttpStatusCode == HttpStatusCode.NoContent
                ? new DoorOperation("delete", "204", key.ToString())
                : throw new CampaignViolationException($"DELETE of {key} was answered with {response.HttpStatusCode}.");
        }
        catch (AmazonS3Exception refused) when (refused.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            key.Lose();
            return new("delete", $"503 {refused.ErrorCode}", key.ToString());
        }
        catch (AmazonS3Exception refused)
        {
            throw await ViolationAsync($"DELETE of {key}", key, refused);
        }
        catch (Exception lost) when (S3Bucket.IsLost(lost))
        {
            key.Lose();
            return new("delete", DoorOperation.Lost, key.ToString(), lost.Message);
        }
    }

    /// <summary>Reads a key after a write without a response.</summary>
    public async Task<DoorOperation?> AskAsync(Random random)
    {
        if (model.Choose(random, CampaignKeyState.Unknown) is not { } key)
        {
            return null;
        }

        var outcome = await probe.ReadAsync(key, range: null);
        return new("ask for a lost write", outcome.Name, key.ToString(), outcome.Detail);
    }

    private static ByteRange RangeOf(CampaignContent content, double from, double to)
    {
        var first = (long)(from * content.Size);
        return new(first, Math.Max(first, Math.Min(content.Size - 1, (long)(to * content.Size))));
    }

    private async Task<CampaignViolationException> ViolationAsync(string what, CampaignKey key, AmazonS3Exception refused) =>
        new($"{what} was answered with {Outcome(refused)}: {refused.Message} {await probe.DescribeAsync(key)}");
}
