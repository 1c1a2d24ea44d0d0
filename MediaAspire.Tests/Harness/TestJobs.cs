using System.Text.Json.Serialization;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Tests.Harness;

public sealed record TestPayload(int Number, string Text = "");

[JsonSerializable(typeof(TestPayload))]
internal sealed partial class TestJobsJson : JsonSerializerContext;

internal static class TestJobs
{
    public static JobKind<TestPayload> Kind { get; } = new("test", TestJobsJson.Default.TestPayload);

    public static JobKind<TestPayload> OtherKind { get; } = new("other-test", TestJobsJson.Default.TestPayload);

    public static NewJob Create(int number = 1, JobKind<TestPayload>? kind = null) =>
        (kind ?? Kind).Create(new TestPayload(number), TimeProvider.System);

    public static int Number(this LeasedJob job) => Kind.Read(job.Payload).Number;
}
