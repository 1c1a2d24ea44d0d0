using System.Text;
using System.Text.Json;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Notifications;

namespace MediaAspire.Tests.Notifications;

public sealed class NotificationMessageTests
{
    private static readonly VersionId s_version = new(Guid.Parse("01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55"));

    [Fact]
    public void Write_Creation_HasTheFormOfAws()
    {
        var text = Encoding.UTF8.GetString(NotificationMessage.Write([Told("s3:ObjectCreated:Put", "media/a b+ü.jpg", isNull: true)]));

        Assert.Equal(
            """
            {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-central-1","eventTime":"2026-11-30T10:00:00.123Z",
            "eventName":"ObjectCreated:Put","s3":{"s3SchemaVersion":"1.0","configurationId":"rule",
            "bucket":{"name":"films","ownerIdentity":{"principalId":"alice"},"arn":"arn:aws:s3:::films"},
            "object":{"key":"media/a+b%2B%C3%BC.jpg","size":7,"eTag":"abc","sequencer":"00000000000000FF"}}}]}
            """.ReplaceLineEndings(""),
            text);
    }

    [Fact]
    public void Write_RemovedVersion_HasItsIdAndNoSize()
    {
        using var message = JsonDocument.Parse(NotificationMessage.Write([Told("s3:ObjectRemoved:Delete", "a", isNull: false)]));

        var told = message.RootElement.GetProperty("Records")[0].GetProperty("s3").GetProperty("object");
        Assert.Equal(s_version.ToString(), told.GetProperty("versionId").GetString());
        Assert.False(told.TryGetProperty("size", out _));
        Assert.False(told.TryGetProperty("eTag", out _));
    }

    [Fact]
    public void Sequencer_IsOrderedAsTextLikeTheNumbers()
    {
        long[] numbers = [1, 9, 10, 255, 256, long.MaxValue];

        Assert.Equal(
            numbers.Select(Sequencer), numbers.Select(Sequencer).Order(StringComparer.Ordinal));

        static string Sequencer(long number) => (Told("s3:ObjectCreated:Put", "a", isNull: true) with { Sequence = number }).Sequencer;
    }

    private static NotificationEvent Told(string name, string key, bool isNull) => new(
        255,
        "first",
        "rule",
        name,
        new(new BucketId(Guid.Empty), "films", "alice", "eu-central-1"),
        key,
        new(s_version, isNull),
        7,
        "abc",
        new(2026, 11, 30, 10, 0, 0, 123, TimeSpan.Zero),
        0);
}
