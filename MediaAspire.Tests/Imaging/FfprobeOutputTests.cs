using MediaAspire.Worker.Imaging;

namespace MediaAspire.Tests.Imaging;

public sealed class FfprobeOutputTests
{
    [Theory]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"streams": {}}""")]
    [InlineData("""{"streams": [{}]}""")]
    [InlineData("""{"streams": [null, 1, "x", []]}""")]
    [InlineData("""{"streams": [{"codec_type": "video"}]}""")]
    [InlineData("""{"streams": [{"index": 0, "codec_type": "video", "width": 0, "height": 0}]}""")]
    [InlineData("""{"streams": [{"index": 0, "codec_type": "video", "width": "x", "height": -5}]}""")]
    [InlineData("""{"streams": [{"index": 0, "codec_type": "video", "width": 1e300, "height": 10}]}""")]
    [InlineData("""{"streams": [{"index": 0, "codec_type": "video", "width": 10, "height": 10, "disposition": {"attached_pic": 1}}]}""")]
    [InlineData("""{"streams": [{"index": 0, "codec_type": "audio", "width": 10, "height": 10}]}""")]
    [InlineData("""{"streams": [""")]
    [InlineData("")]
    public void Ffprobe_streams_without_fields_are_no_video_and_no_fault(string json) => Assert.Null(FfprobeOutput.Parse(json));

    [Fact]
    public void Ffprobe_streams_without_fields_beside_a_whole_one_are_skipped()
    {
        var streams = FfprobeOutput.Parse(
            """
            {"streams": [{}, {"codec_type": "data"}, {"codec_type": "video"}, {"index": 3, "codec_type": "video", "width": 32,
             "height": 16},
                {"codec_type": "audio"}], "format": {}}
            """);

        Assert.Equal(
            new VideoStreams { Index = 3, Width = 32, Height = 16, HasAudio = true }, streams);
    }

    [Theory]
    [InlineData("\"duration\": \"2.5\"", 2500)]
    [InlineData("\"duration\": 2.5", 2500)]
    [InlineData("\"duration\": \"N/A\", \"tags\": {\"DURATION\": \"00:00:02.500000000\"}", 2500)]
    [InlineData("\"nb_frames\": \"50\", \"avg_frame_rate\": \"20/1\"", 2500)]
    [InlineData("\"duration\": \"-1\"", null)]
    [InlineData("\"duration\": \"nan\"", null)]
    [InlineData("\"duration\": \"1e300\"", null)]
    [InlineData("\"duration\": \"9223372036854775807\"", null)]
    [InlineData("\"nb_frames\": \"50\", \"avg_frame_rate\": \"0/0\"", null)]
    [InlineData("\"tags\": {\"DURATION\": \"inf:inf:inf\"}", null)]
    [InlineData("\"tags\": \"x\"", null)]
    public void A_playing_time_is_read_where_it_is_believable(string fields, int? milliseconds) => Assert.Equal(
        milliseconds, (int?)Parse(fields).Duration?.TotalMilliseconds);

    [Theory]
    [InlineData("\"sample_aspect_ratio\": \"2:1\"", 200, 50)]
    [InlineData("\"sample_aspect_ratio\": \"1:2\"", 100, 100)]
    [InlineData("\"sample_aspect_ratio\": \"0:1\"", 100, 50)]
    [InlineData("\"sample_aspect_ratio\": \"1:0\"", 100, 50)]
    [InlineData("\"sample_aspect_ratio\": \"1000000:1\"", 100, 50)]
    [InlineData("\"side_data_list\": [{\"rotation\": -90}]", 50, 100)]
    [InlineData("\"side_data_list\": [{}, {\"rotation\": 270}]", 50, 100)]
    [InlineData("\"side_data_list\": [{\"rotation\": 180}]", 100, 50)]
    [InlineData("\"side_data_list\": [{\"rotation\": 90}], \"sample_aspect_ratio\": \"2:1\"", 50, 200)]
    [InlineData("\"side_data_list\": [{\"rotation\": \"x\"}]", 100, 50)]
    public void The_size_is_the_one_that_is_shown(string fields, int width, int height)
    {
        var streams = Parse(fields);

        Assert.Equal((width, height), (streams.Width, streams.Height));
    }

    [Theory]
    [InlineData("""{"streams": [{"nb_read_packets": "12"}]}""", 12)]
    [InlineData("""{"streams": [{}]}""", null)]
    [InlineData("""{"streams": []}""", null)]
    [InlineData("""{""", null)]
    public void The_number_of_packets_may_be_missing(string json, int? packets) => Assert.Equal(packets, FfprobeOutput.ParsePackets(json));

    private static VideoStreams Parse(string fields) => FfprobeOutput.Parse(
        $$"""{"streams": [{"index": 0, "codec_type": "video", "width": 100, "height": 50, {{fields}}}]}""")!;
}
