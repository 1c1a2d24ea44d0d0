using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Api.Media;
using MediaAspire.Core.Media.Uploads;

namespace MediaAspire.Tests.Api.Media;

public sealed class EventDocumentTests
{
    [Fact]
    public void Parse_RecordsOfS3_DecodesKeysAndLeavesOutOtherEvents()
    {
        var document = Parse(Records(
            Record("ObjectCreated:Put", "media", "media/a+b%2B%C3%BC"),
            Record("s3:ObjectCreated:Post", "media", "b"),
            Record("ObjectRemoved:Delete", "media", "c")));

        Assert.Equal([new("media", "media/a b+ü"), new("media", "b"), null], document.Records);
        Assert.Equal(["media/a b+ü", "b", "c"], document.Keys);
    }

    [Fact]
    public void Parse_EnvelopeOfSns_ReadsTheMessageInside()
    {
        var message = JsonSerializer.Serialize(Records(Record("ObjectCreated:Put", "media", "a")));

        var document = Parse(
            $$"""{"Type":"Notification","MessageId":"1","TopicArn":"arn:aws:sns:us-east-1:1:t","Message":{{message}},"Signature":"x"}""");

        Assert.Equal([new ReportedObject("media", "a")], document.Records);
    }

    [Fact]
    public void Parse_SubscriptionConfirmation_OnlyGivesTheAddress()
    {
        var document = Parse("""{"Type":"SubscriptionConfirmation","SubscribeURL":"https://sns.us-east-1.amazonaws.com/?Token=1"}""");

        Assert.Equal("https://sns.us-east-1.amazonaws.com/?Token=1", document.Confirmation?.AbsoluteUri);
        Assert.Empty(document.Records);
    }

    [Theory]
    [InlineData("""{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"media"}""")]
    [InlineData("""{"Type":"UnsubscribeConfirmation","SubscribeURL":"https://a"}""")]
    [InlineData("""{"Type":"Notification","Message":"{\"Event\":\"s3:TestEvent\"}"}""")]
    [InlineData("""{"Records":[]}""")]
    public void Parse_DocumentsWithoutObjects_AreAccepted(string text)
    {
        var document = Parse(text);

        Assert.Empty(document.Records);
        Assert.Null(document.Confirmation);
    }

    [Fact]
    public void Parse_PlainForm_TakesTheKeyAsItIs()
    {
        Assert.Equal([new ReportedObject(null, "media/a+b%2B")], Parse("""{"key":"media/a+b%2B"}""").Records);
        Assert.Equal([new ReportedObject("media", "a")], Parse("""{"bucket":"media","key":"a"}""").Records);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData("{}")]
    [InlineData("{\"key\":1}")]
    [InlineData("{\"key\":null}")]
    [InlineData("{\"key\":\"a\",\"bucket\":null}")]
    [InlineData("{\"key\":\"a\",\"key\":\"b\"}")]
    [InlineData("{\"key\":\"a\",\"other\":1}")]
    [InlineData("{\"key\":\"\\ud800\"}")]
    [InlineData("{\"key\":\"a\"")]
    [InlineData("{\"Records\":{}}")]
    [InlineData("{\"Records\":[1]}")]
    [InlineData("{\"Records\":[{}]}")]
    [InlineData("{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":[]}]}")]
    [InlineData("{\"Type\":\"Notification\"}")]
    [InlineData("{\"Type\":\"Notification\",\"Message\":\"hello\"}")]
    [InlineData("{\"Type\":\"Notification\",\"Message\":\"{\\\"Type\\\":\\\"Notification\\\"}\"}")]
    [InlineData("{\"Type\":\"SubscriptionConfirmation\",\"SubscribeURL\":\"file:///etc/passwd\"}")]
    [InlineData("{\"Type\":\"SubscriptionConfirmation\",\"SubscribeURL\":\"/a\"}")]
    [InlineData("{\"Type\":\"Other\"}")]
    [InlineData("{\"Type\":1}")]
    [InlineData("{\"Event\":1}")]
    [InlineData("{\"\\ud800\":1,\"key\":\"a\"}")]
    [InlineData("{\"Type\":\"\\ud800\"}")]
    public void Parse_HostileDocument_IsRefused(string text) => Assert.Throws<FormatException>(() => Parse(text));

    [Fact]
    public void Parse_TooMuch_IsRefused()
    {
        var record = Record("ObjectCreated:Put", "media", "a");
        Assert.Equal(EventDocument.MaxRecords, Parse(Records([.. Enumerable.Repeat(record, EventDocument.MaxRecords)])).Records.Count);
        Assert.Throws<FormatException>(() => Parse(Records([.. Enumerable.Repeat(record, EventDocument.MaxRecords + 1)])));
        Assert.Throws<FormatException>(() => Parse($$"""{"key":"{{new string('a', 5000)}}"}"""));
        Assert.Throws<FormatException>(() => Parse(new string('[', 100_000)));
        Assert.Throws<FormatException>(() => Parse($$"""{"Records":{{new string('[', 20)}}{{new string(']', 20)}}}"""));
    }

    [Fact]
    public void Parse_AnyBytes_AreADocumentOrRefused() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        // Any other exception fails the property.
        try
        {
            EventDocument.Parse(bytes);
        }
        catch (FormatException)
        {
            // Refused.
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_DamagedDocuments_AreADocumentOrRefused()
    {
        var whole = Encoding.UTF8.GetBytes(Records(Record("ObjectCreated:Put", "media", "a%2")));
        var random = new Random(14);
        for (var i = 0; i < 2000; i++)
        {
            var damaged = whole.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                EventDocument.Parse(damaged.AsMemory(0, random.Next(damaged.Length + 1)));
            }
            catch (FormatException)
            {
                // Refused.
            }
        }
    }

    private static EventDocument Parse(string text) => EventDocument.Parse(Encoding.UTF8.GetBytes(text));

    private static string Records(params string[] records) => $$"""{"Records":[{{string.Join(',', records)}}]}""";

    private static string Record(string name, string bucket, string key) => JsonSerializer.Serialize(new
    {
        eventVersion = "2.3",
        eventName = name,
        s3 = new { bucket = new { name = bucket, arn = "x" }, @object = new { key, size = 1 } },
    });
}
