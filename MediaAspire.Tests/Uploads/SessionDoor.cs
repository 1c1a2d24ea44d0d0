using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Uploads;

namespace MediaAspire.Tests.Uploads;

/// <summary>The sessions themselves, in one process.</summary>
internal sealed class SessionDoor(UploadProcess process) : IUploadDoor
{
    public async Task<string> CreateAsync(long length) => (await process.CreateAsync(length)).Id.ToString();

    public async Task<DoorAnswer?> AppendAsync(string upload, long offset, Stream body)
    {
        try
        {
            var result = await process.Sessions.AppendAsync(Parse(upload), offset, body, new(), CancellationToken.None);
            return new(result.Outcome is AppendOutcome.Appended or AppendOutcome.Interrupted or AppendOutcome.TakenOver, result.Offset);
        }
        catch (Exception failure) when (failure is Npgsql.NpgsqlException or FileWriteException)
        {
            // The process has lost its database: a client gets no answer that tells an offset.
            return null;
        }
    }

    public async Task<long> AskOffsetAsync(string upload)
    {
        var session = await process.Sessions.SettleAsync(Parse(upload), CancellationToken.None);
        Assert.NotNull(session);
        return session.Offset;
    }

    public async Task<byte[]> ReadAsync(string upload)
    {
        await process.Sessions.CompleteAsync(Parse(upload), CancellationToken.None);
        await process.RunJobsAsync();
        return await process.ReadFileAsync(await process.FindAsync(Parse(upload)));
    }

    private static UploadSessionId Parse(string upload)
    {
        Assert.True(UploadSessionId.TryParse(upload, out var id));
        return id;
    }
}
