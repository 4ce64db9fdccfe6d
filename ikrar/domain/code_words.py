"""The words of return codes: 1,024 Indonesian words, ten bits each.

Four to eight plain letters; no two begin with the same four, and no two are one slip of a finger apart. None is a
number, a party, an office or an insult. The order is the value of a word and never changes.
"""

WORDS: tuple[str, ...] = tuple(
    """
    abadi acara adonan aduk agenda agung ajaib akrab aksara aktif album alfabet aliran almanak alpukat alumni ambil
    amplop anak analog andal anggur angin angkasa angsa anoa antena antik antre anyam apotek aroma arsip artikel
    arus asam asbak aspal asrama atlet babak badai bagus bahasa bahu baja bakar bakso bakti balok bambu bandara
    bangau bantal baskom batang batik bayam bayi becak bekal belati belut benang bendera bengkel benih bentuk berani
    berita berkas berlian bersih beruang besi biaya bibir bidan biduk biji bilik bimbing bingkai bintang biola bolu
    boneka bongkar botol buah bubur budaya bukit buku bulan bunga bunyi burung cadang cadik cagar cahaya camilan
    campur candi cangkir catat catur cawan cemara cempaka cendol cengkih cerdas ceria cermat cetak cicak cincin
    cinta cobek cocok cokelat contoh corak cuaca cukup curah dadar dadu daftar daging dahaga dalam damai dampak
    danau dandan dapur darma daun dawet daya debu delima demam denah dengar denyut deteksi detik dewasa dialog
    dinding dingin diorama dokter dompet donat dongeng dukung dunia durian eceng edisi ekonomi eksis elang elemen
    emas ember embun empedu endap energi engsel episode esai etika fabel faedah fajar fakta falak famili fantasi
    fasih fauna favorit film finis fisik flora fokus folio fondasi forum foto frasa fungsi gabah gabung gading gagas
    galang galeri gali galon gambar gamelan gandum ganjil ganti garam garpu gedung gelar gembala genap gendang genre
    genteng geologi gerak gerbang gerimis gerobak gesek getah giat gilir giring gitar golok goreng gotong grafik
    gubuk gudang gugus gulai gulung gurami gurita gurun gusi hadap hadiah hafal halaman haluan handuk hangat hanyut
    harga hari harmoni harum hasil hasta haus hebat helai helm hening heran herbal hias hibah hidang hidup hikayat
    hikmah himpun hingga histori hitung hormat hotel hujan hulu humor humus huruf ibadah ideal identik ijuk ikat
    ikhlas iklan iklim ikon ilalang ilmu imbang impian imut indah induk ingat inovasi insan irama irigasi istana
    isyarat izin jadwal jahe jahit jajan jaket jala jalin jalur jamak jangkar jantung jaring jati jauh jawab jejak
    jelas jemput jemur jenaka jendela jenis jenjang jepit jerami jernih jeruji jilid jitu jodoh joglo jual juang
    juara judul jujur jumlah jumpa jurnal jurus kabar kabin kabut kacang kadal kafe kait kakak kaki kaktus kalimat
    kalung kambing kampung kamus kancil kandang kantin kapas kapsul karcis karet karib kartu karya kasir kata katun
    kawah kayuh kebaya kebun kecap kecil kedai kejar kejut kelabu kelinci kemah kembang kemeja kemiri kemudi kenal
    kencur kendi kentang kepala keping kerang kereta keris kerja kertas kerucut kesan ketupat kijang kilat kilo
    kincir kirim kisah kismis klinik kolam koleksi komik komodo kompak konser kontan koper kopiah korek koridor
    kosmos kosong kotak kraton kreasi kristal kuali kuat kubah kubis kucing kuda kukuh kuliah kulkas kumpul kunci
    kurma kursi kusen kusuma kutip kutub labu lacak lada lahan lahir lain lajur lamaran lambat lampu lancar landak
    langit lantai lapang lapis lapor larut lateral latih layar lazim lebah legenda leher lekas leluhur lemari lembar
    lencana lengan lentera lereng lestari lezat liang libur lidah lihat lilin limas lincah lingkar lintas lisan
    listrik lobak logam lokasi lomba loncat lontar losmen luar lubang lucu lugas luhur lukis lulus lumbung lumpia
    lumut luncur lusin macan magang mahkota mahoni majalah makmur makna mampir mandau manfaat mangga manis mantap
    manusia maritim markisa marmer masak masjid masyhur matras mebel medali megah meja mekar melon memori menara
    mendung mentah menu merapi merdu meriah merpati mesin meteran metode miliar mimpi minat mineral minggu minum
    minyak mirip misal misi mistar mitra mobil modal mohon monitor motor mudah mufakat mujair mulia mulut muncul
    mundur mungil murid murni musang museum musik mutiara mutu naik nakhoda nalar nama nampan nanas nangka narasi
    nasi naskah nelayan nenek neon neraca netral ngarai niaga nikah nikmat nilai niscaya nomor normal nota novel
    nuri nutrisi nyala nyaman nyanyi nyaring nyiur objek obor olah ombak ongkos opini orang orbit organ otot oven
    pabrik padat padi paham pakai pakis paku paman pameran pamit panah pancing pandai panel pangkal panjang pantas
    paprika parang parkir paruh pasar paspor pastel pasukan patin patokan paving pecah pecel pedal pegang pekan
    pelana pelita pelopor peluit pemandu pemuda penari pencak pendek pensil penuh penyu pepaya perahu percaya pergi
    perisai permen pertama perut pesawat pesisir pesta petai petir piagam piala piano pijar pikir piknik piksel
    pikul pilot pinang pinggir pinjam pintar pinus pipa pipit pisau piyama plastik plaza pojok polos pompa pondok
    populer potret prangko prisma produk profil proyek pucuk pudar puding puisi pujian pukat pulang pulih pulpen
    pundak punya pura putri puyuh rabun racik radio ragam ragi rahasia raih rajin rajut rakit raksasa ramah rambut
    ramuan rancang rangkul ransel rantau rapat ratus rawa rayap realita rebung redup rehat rekam relawan remaja
    rembuk rempah rendah rengkuh rentak repot reptil resep resmi respon restu rezeki riak ribu rimba rindang ringan
    rintik risalah riset ritme ritual riuh riwayat roket roman rompi ronda rongga roti ruas rujak rukun rumpun
    runcing rupa rupiah rusuk rutin sabit sabtu sagu sahaja saing sajak saji salad salep salju sambal sampul samudra
    sanggar santan sapaan saran sarjana sarung sastra satelit satria saudara sayur sebar sedang segel sejati sejuk
    sekop selada seling seloka seluruh semai semen sempat semut senam sendok sengon seni senja sensor senter senyum
    sepak sepeda serasi serbet serius serta seruni sesama sesuai setara setia setrika sewa siasat sifat sigap siklus
    siku silang simak simfoni simpan sinar singa siput siram sirene sirih sirkuit sirsak sisir siswa situs skala
    sobat sofa sonata sopan sopir sorot spanduk spiral stabil stasiun stiker suasana subuh sudut suhu sukses sulam
    sumber sumpit sumur sungai supaya surat surya susun sutra suvenir syair syukur tahun tajam taksi talenta tamat
    tambah tampil tanda tangguh tanjung tarian tatap tawar tawon teater tebak tebing teduh tegap tegur tekad teknik
    tekun telaga telepon teliti teluk teman tembok tempe tengah tentu tepat tepi tepung teras terigu termos ternak
    terong tetes tiba tidur tikar tikung tinggi tipis tirai tiru titik tolong tonggak topik total tradisi traktor
    trofi tudung tugu tukang tulip tumbuh tumis tumpah tunas tunggu turbin tutup ucap udara ufuk ujar ujung ukir
    ulat ulos umbi umum undang unggas unik untai untung upacara usaha usia utama vaksin variasi vila violet vitamin
    vokal voli wahana wajah waktu walet wangi warna watak wawasan wayang wibawa wijen wilayah wisata wisma wisuda
    wortel wujud yakin yayasan zaitun zamrud zebra zona
    """.split()  # noqa: SIM905
)
